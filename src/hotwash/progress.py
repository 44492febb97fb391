"""What a long piece of work tells of itself on the way: one type, and the silence that is the default."""

from __future__ import annotations

from collections.abc import Callable

# what is being done, and how far it is, 0 to 1; None where nobody can tell
Progress = Callable[[str, float | None], None]


def silent(what: str, share: float | None) -> None:
    """Tell nothing."""
