"""Faults of a bundle gathered while reading goes on, so that all are told in one run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hotwash.errors import BundleError, ReadError

T = TypeVar("T")
U = TypeVar("U")


class Gathering:
    """The faults of one reading, in the order in which they were met; each once."""

    def __init__(self) -> None:
        self._faults: dict[str, BundleError] = {}

    def attempt(self, read: Callable[[], T], otherwise: U) -> T | U:
        """Return what is read; where it is refused, keep the faults and return something else to go on with."""
        try:
            return read()
        except ReadError as fault:
            self.add(fault)
            return otherwise

    def add(self, fault: ReadError) -> None:
        """Keep a fault, or each of several."""
        faults = fault.faults if isinstance(fault, BundleError) else (fault,)
        for one in faults:
            self._faults.setdefault(str(one), BundleError(one.thing, place=one.place, why=one.why))

    @property
    def has_faults(self) -> bool:
        return bool(self._faults)

    def raise_faults(self) -> None:
        """Raise what was gathered as one BundleError; nothing where nothing was."""
        faults = tuple(self._faults.values())
        if len(faults) > 1:
            raise BundleError.of(faults)
        for one in faults:
            raise one
