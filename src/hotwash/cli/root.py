"""The command line: parse, call work, print.

Heavy rooms are imported inside the commands, so that `hotwash --help` answers at once.
"""

from __future__ import annotations

import gc
import io
import sys
import warnings
from typing import Annotated, Any

import typer

from hotwash import __version__
from hotwash.cli import (
    accounts,
    breaches,
    centre,
    demo,
    design,
    flying,
    incidents,
    lanes,
    lesson_exchange,  # noqa: F401
    lessons,
    objectives,
    proof,
    scoring,
    skills,
    tracking,
    watch,
)
from hotwash.cli.renamed import with_current_words
from hotwash.errors import HotwashError
from hotwash.sessions.stopping import ending_like_ctrl_c
from hotwash.visible import make_visible

REFUSED = 2
# New objects after which Python looks for unreachable ones. Compiling and tables make millions that stay: at the usual
# 700 looking through them took a tenth to a sixth of a first run.
COLLECT_AFTER = 100_000

app = typer.Typer(
    name="hotwash",
    help=(
        "From an airspace incident to an account that stands up, to lessons, to drills that prove they were learned."
        "\n\nStart with: hotwash demo --open"
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
# In the order of the river: an incident, its account, the air picture, lessons, exercises, proof.
for _group in (demo, accounts, tracking, breaches):
    app.add_typer(_group.app)
app.add_typer(incidents.app, name="incidents")
app.add_typer(centre.app)
app.add_typer(lessons.app, name="lessons")  # lesson_exchange registers further commands there
app.add_typer(objectives.app, name="objective")
for _group in (proof, design, watch, flying, scoring):
    app.add_typer(_group.app)
app.add_typer(lanes.app, name="lane")
app.add_typer(skills.app, name="skills")


def _version(wanted: bool) -> None:
    if wanted:
        print(f"hotwash {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


def _say_warning(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
    """Say what our own code warns of; warnings of other packages are for their developers."""
    if category.__module__.startswith("hotwash"):
        print(f"hotwash: {make_visible(str(message))}", file=sys.stderr)


def main() -> None:
    """Run the command line; what hotwash refuses ends with exit code 2 and one plain sentence."""
    gc.set_threshold(COLLECT_AFTER)
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8")  # a file or a pipe: JSON is UTF-8 whatever the locale says
    arguments, notes = with_current_words(sys.argv[1:])
    for note in notes:
        print(f"hotwash: {note}", file=sys.stderr)
    try:
        with ending_like_ctrl_c(), warnings.catch_warnings():
            warnings.showwarning = _say_warning
            warnings.filterwarnings("always", message=".* may only be read")
            app(args=arguments)
    except HotwashError as refused:
        print(f"hotwash: {refused}", file=sys.stderr)
        raise SystemExit(REFUSED) from None
