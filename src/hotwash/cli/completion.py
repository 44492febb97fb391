"""What a shell completes: ids of the centre that is meant, and names of what is included."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import typer

from hotwash.errors import HotwashError


def lessons(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return ids of lessons."""
    return _ids(ctx, incomplete, "lessons", "lesson_id")


def objectives(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return ids of objectives."""
    return _ids(ctx, incomplete, "objectives", "objective_id")


def attempts(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return ids of attempts."""
    return _ids(ctx, incomplete, "attempts", "attempt_id")


def exercises(incomplete: str) -> list[str]:
    """Return names of included exercises."""
    from hotwash.air import scenarios

    return _beginning(incomplete, scenarios.SHIPPED)


def flights(incomplete: str) -> list[str]:
    """Return names of included exercises for pilots."""
    from hotwash.air import scenarios

    return _beginning(incomplete, scenarios.FLIGHTS)


def watches(incomplete: str) -> list[str]:
    """Return names of included exercises for the watch."""
    from hotwash.air import scenarios

    return _beginning(incomplete, scenarios.WATCHES)


def lanes(incomplete: str) -> list[str]:
    """Return names of included lanes."""
    from hotwash.lanes import lane

    return _beginning(incomplete, lane.SHIPPED)


def airframes(incomplete: str) -> list[str]:
    """Return names of included airframes."""
    from hotwash.flight import airframes as included

    return _beginning(incomplete, included.SHIPPED)


def curricula(incomplete: str) -> list[str]:
    """Return names of included curricula."""
    from hotwash.skills import curriculum

    return _beginning(incomplete, curriculum.CURRICULA)


def _beginning(incomplete: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]


def _ids(ctx: typer.Context, incomplete: str, table: str, column: str) -> list[str]:
    """Return ids of the centre that is meant; none where there is no centre: a shell has no place for an error."""
    from hotwash.store import typed_ids
    from hotwash.work import centre

    given = ctx.params.get("centre")
    try:
        with centre.open_centre(Path(given) if given else None) as opened:
            return typed_ids.beginning_with(opened, table, column, incomplete)
    except HotwashError:
        return []
