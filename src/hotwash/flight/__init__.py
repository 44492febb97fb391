"""Drones that fly: airframes, weather, rigid bodies in air."""

from __future__ import annotations

from typing import Any

__all__ = ["Fleet", "Replayed", "replay"]


def __getattr__(name: str) -> Any:
    """Return what lives in a module that brings the compiler, once somebody asks for it."""
    if name in ("replay", "Replayed"):
        from hotwash.flight import open_loop

        return getattr(open_loop, name)
    if name == "Fleet":
        from hotwash.flight.fleet import Fleet

        return Fleet
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
