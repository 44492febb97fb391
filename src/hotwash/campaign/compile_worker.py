"""What a helper process does that compiles beside the one that started it; it imports no more than it is told to."""

from __future__ import annotations

import gc
import signal
import sys
from importlib import import_module

from hotwash.flight.entry_points import compile_entry_point


def serve() -> None:
    """Compile what arrives, a line each: module, kernel, types of its arguments. A line back says: ready for more."""
    gc.disable()  # it takes a tenth of compiling
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is meant for the program that flies
    _answer()
    for line in sys.stdin:
        module, kernel, types = line.rstrip("\n").split(" ", 2)
        compile_entry_point((getattr(import_module(module), kernel), types))
        _answer()


def _answer() -> None:
    sys.stdout.write("\n")
    sys.stdout.flush()
