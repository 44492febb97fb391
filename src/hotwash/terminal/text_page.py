"""A page of text over the watch, and the help."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from hotwash.model.watch_scenario import JET_MPS
from hotwash.model.words import TRAFFIC_MEASURES, WATCH_CLASSES
from hotwash.terminal import track_table
from hotwash.visible import make_visible
from hotwash.watch import command_line

HELP = f"""HOW TO STAND THIS WATCH

The table shows the tracks, the most urgent at the top. Choose one with the arrow keys; then

  c  classify it      b  declare its breach, at once      r  revoke that, at once
  d  drop it      m  merge one into it      w  warn around it      k  ask about it
  a  recommend something for an aerodrome      x  cancel a warning      n  note something

The other keys start a line; complete it and press Enter. You stay in the line: type the next command, choose a track
with the arrow keys up and down, or press Escape to return to the table and its keys. The lines are:

{chr(10).join(f"  {use}" for use in command_line.USES.values())}
  {track_table.SORT_USE}
  {track_table.SHOW_USE}

A track without a transponder that is faster than {JET_MPS:g} m/s is marked (jet speed) and stands behind the slower
ones: an airliner beyond the receivers, a second track of one, or a chance track of false plots. You decide.

Classes: {", ".join(WATCH_CLASSES)}.
Measures: {", ".join(TRAFFIC_MEASURES)}; a part (a runway, a sector) goes with restrict.
A radius is 5km or 5000. An invalid line is refused with the reason, and nothing changes.

  space  stop and restart the clock; F2 does so while you type a line
  +  -   faster and slower      [  ]  zoom the map in and out      v  map or table, in a narrow terminal
  s      sort the table in the next order      f  show the next selection of tracks
  q      press twice to leave: decisions are saved, and the watch counts as left early

These are all commands: a watch detects, understands, warns, closes and reopens."""


class TextPage(ModalScreen[None]):
    """A page of text over the watch; any of its keys closes it."""

    BINDINGS: ClassVar = [Binding("escape,enter,space,q,f1,question_mark", "dismiss_page", "Back")]
    DEFAULT_CSS = """
    TextPage { align: center middle; }
    TextPage > VerticalScroll { width: 90%; height: 90%; border: round $accent; background: $surface; padding: 1 2; }
    """

    def __init__(self, text: str, *, closing: str = "Escape goes back") -> None:
        super().__init__()
        self.text, self.closing = text, closing

    def compose(self) -> ComposeResult:
        """Return the content of the page."""
        with VerticalScroll() as page:
            page.border_subtitle = f"{self.closing}; arrow keys scroll"
            yield Static(make_visible(self.text), markup=False)

    def action_dismiss_page(self) -> None:
        """Go back."""
        self.dismiss(None)
