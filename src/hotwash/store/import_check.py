"""Check the lessons of a file and prepare them for the database, in helper programs where that is faster.

    rows of a file ─▶ chunks ─▶ helpers: parse_lesson, hashes, steps, words ─▶ PreparedLesson, in the order of the file

A helper is this module, run by a new Python that is spoken to over pipes. A process pool would run the user's own
script again in each process, so a script without a guard would import twice. A helper ends when its pipe closes, so a
killed program leaves none behind. Where no helper can be started, or one dies, this program does the work.
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
from hotwash.lessons import exchange, search_words
from hotwash.store import lesson_rows

FEW = 4000  # lessons: this program checks them in half a second, which is what starting a helper costs
_CHUNK = 500  # lessons: some megabytes, and a tenth of a second
_MOST_HELPERS = 3  # with more, all wait for the program that writes
_AHEAD = 4  # chunks for each helper that may wait to be written

Json = dict[str, Any]
Waiting = deque[tuple[Sequence[Any], Future[list[Any] | None]]]


class PreparedLesson(NamedTuple):
    """One lesson as rows of the database, and what is needed to decide about it.

    state     the columns of lessons; None where the file is from a tool that keeps no history
    bare      in that case the fields that the tool wrote
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


def check_lessons(some: Sequence[Any], *, name: str) -> Generator[list[PreparedLesson], None, None]:
    """Yield the checked lessons of a file in their order, chunk by chunk.

    some     JSON values or JSON text each; this program alone checks fewer than FEW
    name     of the file, for errors
    raises   ExchangeError when the turn of a faulty lesson comes

    Close it when you stop early: that ends the helpers.
    """
    chunks = (some[at : at + _CHUNK] for at in range(0, len(some), _CHUNK))
    many = min(_MOST_HELPERS, _processors() - 1) if len(some) >= FEW and not getattr(sys, "frozen", False) else 0
    if many < 1:
        yield from ([prepare_lesson(row, name=name) for row in chunk] for chunk in chunks)
        return
    waiting: Waiting = deque()
    with ThreadPoolExecutor(many) as threads, _helpers(many) as idle:
        for chunk in chunks:
            waiting.append((chunk, threads.submit(_ask_helper, idle, chunk, name)))
            if len(waiting) >= many * _AHEAD:
                _check_one_chunk_here(waiting, name)
                yield _result_of(*waiting.popleft(), name)
        while waiting:
            yield _result_of(*waiting.popleft(), name)


def _processors() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _check_one_chunk_here(waiting: Waiting, name: str) -> None:
    """While the next chunk is not ready, check one here that no helper has begun: writing is the lighter half."""
    if waiting[0][1].done():
        return
    for at in range(len(waiting) - 1, 0, -1):
        chunk, future = waiting[at]
        if future.cancel():
            own: Future[list[Any] | None] = Future()
            try:
                own.set_result([prepare_lesson(row, name=name) for row in chunk])
            except ExchangeError as fault:
                own.set_exception(fault)  # raised in its turn: an earlier lesson may be faulty too
            waiting[at] = (chunk, own)
            return


def _result_of(chunk: Sequence[Any], future: Future[list[Any] | None], name: str) -> list[PreparedLesson]:
    """Return a chunk that a helper checked; check it here if no helper could."""
    lessons = future.result()
    if lessons is None:
        return [prepare_lesson(row, name=name) for row in chunk]
    return [PreparedLesson._make(one) for one in lessons]


@contextmanager
def _helpers(many: int) -> Iterator[SimpleQueue[subprocess.Popen[bytes]]]:
    """Give some idle helpers; end them all afterwards."""
    helpers: list[subprocess.Popen[bytes]] = []
    idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
    path = os.pathsep.join(place for place in sys.path if place)
    # -P: no module of the folder one happens to stand in.
    command = [sys.executable, "-P", "-c", "from hotwash.store import import_check; import_check.serve()"]
    try:
        for _ in range(many):
            with suppress(OSError):
                helpers.append(
                    subprocess.Popen(  # noqa: S603  our own interpreter, our own module
                        command, env={**os.environ, "PYTHONPATH": path}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                        stderr=subprocess.DEVNULL,
                    )
                )  # fmt: skip
                idle.put(helpers[-1])
        yield idle
    finally:
        for one in helpers:
            one.kill()
            one.wait()
            for pipe in (one.stdin, one.stdout):
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()


def _ask_helper(idle: SimpleQueue[subprocess.Popen[bytes]], chunk: Sequence[Any], name: str) -> list[Any] | None:
    """Return the lessons of a chunk that a helper checked; None when it has died or there is none.

    raises   ExchangeError
    """
    try:
        helper = idle.get_nowait()  # as many threads as helpers: none is left only after one has died
    except Empty:
        return None
    try:
        _send(helper.stdin, (name, [bytes(row) if isinstance(row, msgspec.Raw) else row for row in chunk]))
        fault, lessons = _receive(helper.stdout)
    except (OSError, EOFError, ValueError, TypeError):
        return None
    idle.put(helper)
    if fault:
        file, place, why = fault
        raise ExchangeError(file, place=place, why=why)
    return list(lessons)


def serve() -> None:
    """Check the chunks that arrive and send the results back, until the pipe closes."""
    gc.disable()  # nothing here is circular
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is meant for the program that writes
    incoming, outgoing = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            name, chunk = _receive(incoming)
        except EOFError:
            return
        try:
            _send(outgoing, (None, [tuple(prepare_lesson(row, name=name)) for row in chunk]))
        except ExchangeError as fault:
            _send(outgoing, ((fault.thing, fault.place, fault.why), None))


def _send(pipe: Any, message: Any) -> None:
    # Between two runs of one interpreter marshal is safe, and three times as fast as pickle.
    text = marshal.dumps(message)
    pipe.write(len(text).to_bytes(8, "little"))
    pipe.write(text)
    pipe.flush()


def _receive(pipe: Any) -> Any:
    size = pipe.read(8)
    text = pipe.read(int.from_bytes(size, "little"))
    if len(size) < 8 or len(text) < int.from_bytes(size, "little"):
        raise EOFError
    return marshal.loads(text)  # noqa: S302  from our own program


def prepare_lesson(row: Any, *, name: str) -> PreparedLesson:
    """Return one checked lesson of a file as rows of the database.

    row      JSON values, or JSON text
    raises   ExchangeError
    """
    one = exchange.parse_lesson(row, name=name)
    if not one.entries:
        return PreparedLesson(one.lesson_id, one.originator_id, None, [], (), [], one.state)
    return prepare_history(one.lesson_id, one.originator_id, one.entries, one.state)


def prepare_history(lesson_id: str, originator_id: str, entries: Sequence[Json], state: Json) -> PreparedLesson:
    """Return a history as rows of the database.

    state   the lesson's fields after its last entry
    """
    columns = lesson_rows.of_state(state, changed_us=lesson_rows.us_of(entries[-1]["when_utc"]))
    actions = [lesson_rows.of_action(lesson_id, action) for action in state.get("actions") or ()]
    history = [lesson_rows.of_entry(lesson_id, entry) for entry in entries]
    return PreparedLesson(lesson_id, originator_id, columns, actions, search_words.search_texts(state), history, None)
