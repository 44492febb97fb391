"""How a value shows itself in a notebook: the value asks here, and whoever can draw it has said so before.

The nouns know no drawing. The front, through which values come to a notebook, sets the renderer when it is imported.
"""

from __future__ import annotations

from collections.abc import Callable

Renderer = Callable[[object], str | None]
_renderers: list[Renderer] = []


def render_with(renderer: Renderer) -> None:
    """Let values be rendered by a function from a value to an HTML fragment, None for what it does not know."""
    _renderers[:] = [renderer]


def render_html(value: object) -> str | None:
    """Return a value as an HTML fragment; None where nobody knows how, and its plain text is shown instead."""
    return _renderers[0](value) if _renderers else None
