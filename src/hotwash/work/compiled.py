"""What was compiled on this machine before."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def is_kept(kernel: Any) -> bool:
    """Tell whether a kernel lies compiled in its cache, from the source as it is now."""
    source = Path(kernel.__code__.co_filename)
    made = Path(str(kernel.stats.cache_path)).glob(f"{source.stem}.{kernel.__name__}-*.nbi")
    return any(index.stat().st_mtime > source.stat().st_mtime for index in made)
