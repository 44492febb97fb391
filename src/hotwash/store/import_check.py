"""Lessons of a file, looked through and made ready for the database: beside the program that writes, where it pays.

    rows of a file ─▶ chunks ─▶ other programs: lesson_of, hashes, moves, words ─▶ Ready, in the order of the file

An other program is this module, started anew and spoken to over its two pipes. A pool of processes would read the
user's own script again in each of them, which for a script that imports lessons without a guard means importing twice.
It ends when its pipe does, so a killed program leaves none behind. Where none can be started, or one dies, the work
is done here.
"""

from __future__ import annotations

import gc
import marshal
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

import msgspec

from hotwash.errors import ExchangeError
from hotwash.lessons import exchange, words
from hotwash.store import rows

FEW = 4000  # lessons: looked through here in half a second, which is what starting another program is worth
_CHUNK = 500  # lessons: some megabytes, and a tenth of a second
_MOST = 3  # programs: with more the one that writes is what all wait for
_AHEAD = 4  # chunks a program that may wait to be written

Json = dict[str, Any]
Waiting = deque[tuple[Sequence[Any], Future[list[Any] | None]]]


class Ready(NamedTuple):
    """One lesson as the database takes it, and what is needed to decide about it.

    state     the columns of lessons; None where another tool wrote the lesson, which keeps no history
    bare      then: what that tool says of it
    """

    lesson_id: str
    originator_id: str
    state: tuple[Any, ...] | None
    actions: list[tuple[Any, ...]]
    words: tuple[str, ...]
    entries: list[tuple[Any, ...]]
    bare: Json | None

    @property
    def hashes(self) -> list[str]:
        """The hashes of its history, in order."""
        return [entry[-1] for entry in self.entries]


def looked_through(some: Sequence[Any], *, name: str) -> Generator[list[Ready], None, None]:
    """Yield the lessons of a file, looked through, chunk by chunk, in their order.

    some     JSON values or JSON text each; fewer than FEW are looked through by this program alone
    name     of the file, for errors
    raises   ExchangeError, when the turn of the lesson that does not hold has come

    Close it when it is not asked to its end: it ends the other programs.
    """
    chunks = (some[at : at + _CHUNK] for at in range(0, len(some), _CHUNK))
    many = min(_MOST, _processors() - 1) if len(some) >= FEW and not getattr(sys, "frozen", False) else 0
    if many < 1:
        yield from ([ready(row, name=name) for row in chunk] for chunk in chunks)
        return
    waiting: Waiting = deque()
    with ThreadPoolExecutor(many) as threads, _others(many) as idle:
        for chunk in chunks:
            waiting.append((chunk, threads.submit(_asked, idle, chunk, name)))
            if len(waiting) >= many * _AHEAD:
                _lend_a_hand(waiting, name)
                yield _taken(*waiting.popleft(), name)
        while waiting:
            yield _taken(*waiting.popleft(), name)


def _processors() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _lend_a_hand(waiting: Waiting, name: str) -> None:
    """While the next chunk is not ready, look one through here that nobody has begun: to write is the lighter half."""
    if waiting[0][1].done():
        return
    for at in range(len(waiting) - 1, 0, -1):
        chunk, told = waiting[at]
        if told.cancel():
            own: Future[list[Any] | None] = Future()
            try:
                own.set_result([ready(row, name=name) for row in chunk])
            except ExchangeError as fault:
                own.set_exception(fault)  # its turn has not come: an earlier lesson may not hold either
            waiting[at] = (chunk, own)
            return


def _taken(chunk: Sequence[Any], told: Future[list[Any] | None], name: str) -> list[Ready]:
    """Return a chunk that another program looked through; when that could not be asked, look through it here."""
    found = told.result()
    return [ready(row, name=name) for row in chunk] if found is None else [Ready._make(one) for one in found]


@contextmanager
def _others(many: int) -> Iterator[SimpleQueue[subprocess.Popen[bytes]]]:
    """Give some other programs, each idle; end them all afterwards."""
    begun: list[subprocess.Popen[bytes]] = []
    idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
    path = os.pathsep.join(place for place in sys.path if place)
    # -P: no module of the folder one happens to stand in.
    command = [sys.executable, "-P", "-c", "from hotwash.store import import_check; import_check.serve()"]
    try:
        for _ in range(many):
            with suppress(OSError):
                begun.append(
                    subprocess.Popen(  # noqa: S603  our own interpreter, our own module
                        command, env={**os.environ, "PYTHONPATH": path}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                        stderr=subprocess.DEVNULL,
                    )
                )  # fmt: skip
                idle.put(begun[-1])
        yield idle
    finally:
        for one in begun:
            one.kill()
            one.wait()
            for pipe in (one.stdin, one.stdout):
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()


def _asked(idle: SimpleQueue[subprocess.Popen[bytes]], chunk: Sequence[Any], name: str) -> list[Any] | None:
    """Return what another program makes of a chunk; None when it has died or there is none.

    raises   ExchangeError
    """
    try:
        other = idle.get_nowait()  # as many threads as programs: only after one has died is none left
    except Empty:
        return None
    try:
        _send(other.stdin, (name, [bytes(row) if isinstance(row, msgspec.Raw) else row for row in chunk]))
        refused, found = _heard(other.stdout)
    except (OSError, EOFError, ValueError, TypeError):
        return None
    idle.put(other)
    if refused:
        file, place, why = refused
        raise ExchangeError(file, place=place, why=why)
    return list(found)


def serve() -> None:
    """Look through the chunks that come, and tell what was found, until no more comes."""
    gc.disable()  # nothing here is circular
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who presses Ctrl+C means the program that writes
    hears, says = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            name, chunk = _heard(hears)
        except EOFError:
            return
        try:
            _send(says, (None, [tuple(ready(row, name=name)) for row in chunk]))
        except ExchangeError as fault:
            _send(says, ((fault.thing, fault.place, fault.why), None))


def _send(pipe: Any, told: Any) -> None:
    # Between two runs of one interpreter marshal is safe, and three times as fast as pickle.
    text = marshal.dumps(told)
    pipe.write(len(text).to_bytes(8, "little"))
    pipe.write(text)
    pipe.flush()


def _heard(pipe: Any) -> Any:
    size = pipe.read(8)
    text = pipe.read(int.from_bytes(size, "little"))
    if len(size) < 8 or len(text) < int.from_bytes(size, "little"):
        raise EOFError
    return marshal.loads(text)  # noqa: S302  from our own program


def ready(row: Any, *, name: str) -> Ready:
    """Return one lesson of a file, looked through, as the database takes it.

    row      JSON values, or JSON text
    raises   ExchangeError
    """
    one = exchange.lesson_of(row, name=name)
    if not one.entries:
        return Ready(one.lesson_id, one.originator_id, None, [], (), [], one.state)
    return made(one.lesson_id, one.originator_id, one.entries, one.state)


def made(lesson_id: str, originator_id: str, entries: Sequence[Json], state: Json) -> Ready:
    """Return a history as the database takes it.

    state   the lesson's fields after its last entry
    """
    told = rows.of_state(state, changed_us=rows.us_of(entries[-1]["when_utc"]))
    actions = [rows.of_action(lesson_id, action) for action in state.get("actions") or ()]
    history = [rows.of_entry(lesson_id, entry) for entry in entries]
    return Ready(lesson_id, originator_id, told, actions, words.searched(state), history, None)
