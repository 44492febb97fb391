"""How a value shows itself in a notebook: the value asks here, and whoever can draw it has said so before.

The nouns know no drawing. The front, through which values come to a notebook, sets the renderer when it is imported.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass

import polars as pl

Renderer = Callable[[object], str | None]
_renderers: list[Renderer] = []
_MOST_CHARACTERS = 48  # of one field


def render_with(renderer: Renderer) -> None:
    """Let values be rendered by a function from a value to an HTML fragment, None for what it does not know."""
    _renderers[:] = [renderer]


def render_html(value: object) -> str | None:
    """Return a value as an HTML fragment; None where nobody knows how, and its plain text is shown instead."""
    return _renderers[0](value) if _renderers else None


def short_repr(value: object) -> str:
    """Return a record in one line, for a prompt: numbers and short texts as they are, of the rest its size."""
    parts = (f"{one.name}={_short(getattr(value, one.name))}" for one in fields(value))  # type: ignore[arg-type]
    return f"{type(value).__name__}({', '.join(parts)})"


def _short(value: object) -> str:
    if isinstance(value, pl.DataFrame):
        return f"<{value.height:,} rows>"
    if is_dataclass(value):
        return f"<{type(value).__name__}>"
    text = repr(value)
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"
