"""What the command lines of a centre share: the options, the centre that is meant, the answer for a program."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

CentreFolder = Annotated[
    Path | None,
    typer.Option("--centre", metavar="DIR", envvar="HOTWASH_CENTRE", help="Default: the one that one stands in."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def now() -> datetime:
    return datetime.now(UTC)


def print_json(told: Any) -> None:
    """Print records, times and what holds them as one JSON object."""
    from hotwash.lessons.fields import plain

    print(json.dumps(_plain(told, plain), ensure_ascii=False, allow_nan=False))


def _plain(told: Any, plain: Callable[[Any], Any]) -> Any:
    if isinstance(told, dict):
        return {name: _plain(value, plain) for name, value in told.items()}
    return [_plain(one, plain) for one in told] if isinstance(told, list | tuple) else plain(told)


def tell(told: Any, text: str, *, as_json: bool) -> None:
    """Print an answer: as JSON, or as the text for a person."""
    if as_json:
        print_json(told)
    else:
        print(text)
