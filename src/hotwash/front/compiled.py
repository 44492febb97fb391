"""What was compiled on this machine before, and what to say when it was not."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def is_compiled(*kernels: Any) -> bool:
    """Tell whether kernels lie compiled in their cache, from the source as it is now."""
    return all(map(_is_cached, kernels))


def loading(what: str, *kernels: Any, seconds: int = 20) -> str:
    """Return what to tell a person who waits: what is being done, or that it is compiled for the first time.

    seconds   how long compiling takes
    """
    return what if is_compiled(*kernels) else first_time(seconds)


def first_time(seconds: int = 20) -> str:
    """Return what to say while something is compiled."""
    return f"Compiling for the first time: some {seconds} s, once"


def _is_cached(kernel: Any) -> bool:
    source = Path(kernel.__code__.co_filename)
    indexes = Path(str(kernel.stats.cache_path)).glob(f"{source.stem}.{kernel.__name__}-*.nbi")
    return any(index.stat().st_mtime > source.stat().st_mtime for index in indexes)
