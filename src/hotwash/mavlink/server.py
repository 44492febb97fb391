"""Present an exercise's drone to programs that speak MAVLink, over UDP, in real time.

    client ──UDP──▶ decode ─▶ Vehicle ─▶ Command ─▶ Exercise.step
       ▲                         │                        │
       └────UDP──── frames ◀─────┴──────── View ◀─────────┘     to each client at its own rates

The drone is simulated; nothing here can command a real one. By itself it talks on loopback only.
"""

from __future__ import annotations

import ipaddress
import select
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hotwash.errors import ReadError, WriteError
from hotwash.export import files, flight_journal, recording_folder
from hotwash.export.flight_journal import JournalFile
from hotwash.flight.airframes import Airframe
from hotwash.flight.exercise import FlightExercise
from hotwash.flight.policies.goto import Reach
from hotwash.flight.seats.pilot import Command
from hotwash.mavlink import decoder
from hotwash.mavlink.briefing import Briefing
from hotwash.mavlink.messages import Message
from hotwash.mavlink.vehicle import Vehicle
from hotwash.model.flight_scenario import FlightScenario
from hotwash.progress import Progress, silent
from hotwash.sessions.stopping import ending_like_ctrl_c
from hotwash.visible import quote

SILENT_S = 5.0  # a client that has said nothing for so long has vanished: ground stations say something every second
LONG_S = 10.0  # and after so long the vehicle goes home
DEAD_BAND = 0.05  # of the seat's sticks, as seats.kernels has it
_BEHIND_S = 0.5  # time that a machine could not keep up with is left out, not caught up in a rush
_MOST_CLIENTS = 4
_MOST_AT_ONCE = 1_000  # messages between two steps: a flood must not stop the clock
_DATAGRAM = 65_535
_CALLS_S = 0.2  # how often a vehicle calls for a client

Client = tuple[str, int]  # host and port
Heard = tuple[Client, Message]


@dataclass(frozen=True, slots=True)
class Address:
    """Where to talk.

    is_listening   whether the vehicle waits at this address for clients (udpin), or begins to send to it (udpout)
    """

    host: str
    port: int
    is_listening: bool

    @property
    def is_loopback(self) -> bool:
        return ipaddress.ip_address(self.host).is_loopback


@dataclass(frozen=True, slots=True)
class Served:
    """How it went.

    seconds      simulated
    left_out_s   wall time that the machine could not keep up with
    clients      how many were heard
    vanished     how often the client fell silent for SILENT_S
    why          why it ended: over, seconds, stopped, interrupted
    out          the recording's folder, where one was asked for
    """

    seconds: float
    left_out_s: float
    clients: int
    vanished: int
    why: str
    out: Path | None


def address(url: str, *, is_anywhere: bool = False) -> Address:
    """Return the address that a URL names.

    url           udp:HOST:PORT or udpout:HOST:PORT, where a client listens; udpin:HOST:PORT, where this vehicle does.
                  Two slashes after the colon are allowed
    is_anywhere   whether HOST may be beyond this machine
    raises        ReadError that names the part at fault
    """
    way, colon, rest = url.partition(":")
    host, _, port = rest.removeprefix("//").rpartition(":")
    if way not in ("udp", "udpin", "udpout") or not colon:
        why = "begins with neither udp:, udpout: nor udpin:; write udp:127.0.0.1:14550"
        raise ReadError("--mavlink", place=url, why=why)
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        raise ReadError("--mavlink", place=url, why="ends in no port from 1 to 65535; write udp:127.0.0.1:14550")
    named = "127.0.0.1" if host == "localhost" else host
    try:
        number = ipaddress.IPv4Address(named)
    except ipaddress.AddressValueError:
        raise ReadError("--mavlink", place=url, why=f"{quote(host)} is no address like 127.0.0.1") from None
    if number.is_multicast or named == "255.255.255.255":
        raise ReadError("--mavlink", place=url, why="is an address of many; name one machine")
    if not number.is_loopback and not is_anywhere:
        why = "is beyond this machine; MAVLink has no lock, so this must be asked for (--mavlink-anywhere)"
        raise ReadError("--mavlink", place=url, why=why)
    return Address(named, int(port), is_listening=way == "udpin")


def check(url: str, *, is_anywhere: bool = False) -> None:
    """Refuse what `serve` would refuse: an address that cannot be, a port that is taken.

    raises   ReadError, WriteError
    """
    with _Line(address(url, is_anywhere=is_anywhere)):
        pass


def serve(
    exercise: FlightExercise,
    url: str,
    *,
    seat: str | None = None,
    seed: int = 0,
    out: Path | None = None,
    replace: bool = False,
    seconds: float | None = None,
    speed: float = 1.0,
    is_anywhere: bool = False,
    is_waiting: bool = False,
    journal: Path | None = None,
    stop: Callable[[], bool] = lambda: False,
    progress: Progress = silent,
) -> Served:
    """Present one seat's drone until the exercise is over, the time is up, or somebody stops it.

    exercise    of one world, and recording where `out` is given; it is reset here
    url         see `address`
    seat        whose drone; None: the first. The other seats keep their sticks in the middle
    out         folder for the recording: missing or empty, or see replace. It is written whatever ends the session but
                a kill; what was flown until a second before that is in the journal
    seconds     of simulated time; None: until the exercise is over
    speed       simulated seconds for each second of the clock
    is_anywhere whether the address may be beyond this machine
    is_waiting  whether time begins only when a client is heard; until then the vehicle stands still and calls
    journal     where to note what is flown while it is flown; None: beside `out`, and nowhere without one. The one
                beside `out` is deleted when the recording is written, one that was named stays
    stop        asked before each step
    returns     how it went; Ctrl-C, SIGTERM and a terminal that is closed end it like any other end
    raises      ReadError for a bad url, speed or seat; WriteError when `out` cannot be filled, a journal lies there
                already, or the port is taken
    """
    where = address(url, is_anywhere=is_anywhere)
    if not speed > 0.0:
        raise ReadError("--speed", why=f"{speed:g} is no pace to fly at; give a number above 0")
    if out is not None and not replace:
        files.check_empty(out)
    if not where.is_loopback:
        progress(f"Warning: {where.host} is beyond this machine, and whoever can reach the port can fly", None)
    noted_at = flight_journal.path_beside(out) if journal is None and out is not None else journal
    if noted_at is not None and noted_at.exists():
        raise flight_journal.journal_conflict(noted_at)
    with ending_like_ctrl_c(), _Line(where) as line:
        progress("Making the simulator ready", None)
        flight = _Flight(exercise, seat=seat, seed=seed)
        text = "" if noted_at is None else exercise.recording().scenario or ""  # now: no client waits yet
        wire = f"MAVLink {'at' if where.is_listening else 'to'} {where.host}:{where.port}"
        if is_waiting:
            progress(f"Waiting for a ground station; {wire}. Time has not begun; Ctrl-C gives up", None)
            _call(flight, line, stop)
        progress(f"Flying {flight.seat}; {wire}. Ctrl-C ends it", None)
        if noted_at is not None:
            flight.note_in(noted_at, text)
        try:
            why = _fly(flight, line, seconds=seconds, speed=speed, stop=stop)
        except KeyboardInterrupt:
            why = "interrupted"
        finally:
            flight.close_notes()
            if out is not None:
                recording_folder.write(out, exercise.recording(), replace=replace)
            if noted_at is not None and journal is None:
                noted_at.unlink(missing_ok=True)
    return Served(flight.vehicle.time_s, flight.left_out_s, len(line.clients), flight.vanished, why, out)


def _call(flight: _Flight, line: _Line, stop: Callable[[], bool]) -> None:
    """Let the vehicle call until a client is heard, or somebody stops it."""
    heard: list[Heard] = []
    while not heard and not stop():
        for client in line.lively:
            line.send(client, [flight.vehicle.heartbeat_frame(client)])
        heard = line.wait(_CALLS_S)
    flight.greet(heard)


def _fly(flight: _Flight, line: _Line, *, seconds: float | None, speed: float, stop: Callable[[], bool]) -> str:
    """Step at the clock's pace; return why it ended."""
    due = time.monotonic()
    while True:
        if flight.is_over:
            return "over"
        if seconds is not None and flight.vehicle.time_s >= seconds - flight.step_s / 2.0:
            return "seconds"
        if stop():
            return "stopped"
        due += flight.step_s / speed
        left_s = due - time.monotonic()
        if left_s < -_BEHIND_S:
            flight.left_out_s -= left_s
            due -= left_s
        flight.step(line.wait(max(left_s, 0.0)), line.silent_s)
        for client in line.lively:
            line.send(client, flight.vehicle.due_frames(client))


class _Flight:
    """One seat of a running exercise as a vehicle; the other seats keep their sticks in the middle."""

    def __init__(self, exercise: FlightExercise, *, seat: str | None, seed: int) -> None:
        scenario = exercise.scenario
        chosen = scenario.seat(seat) if seat is not None else scenario.seats[0]
        self.seat, self.step_s = chosen.name, scenario.step_s
        self.left_out_s, self.vanished = 0.0, 0
        self._exercise = exercise
        self._journal: JournalFile | None = None
        self._others = {each.name: Command.neutral() for each in scenario.seats if each.name != self.seat}
        exercise.reset(seed)  # a step flown for nothing: on a new machine it compiles for half a minute,
        exercise.step({**self._others, self.seat: Command.neutral()})  # and no client should wait through that
        airframe = exercise.airframes[self.seat]
        self.vehicle = Vehicle(
            scenario.place,
            exercise.reset(seed)[self.seat],
            start_us=round(scenario.start_utc.timestamp() * 1e6),
            reach=_reach(airframe),
            is_wing=airframe.kind == "fixed_wing",
            briefing=_briefing(exercise, scenario, self.seat),
        )

    @property
    def is_over(self) -> bool:
        return bool(self._exercise.is_over[0])

    def note_in(self, path: Path, scenario: str) -> None:
        """Note from now on what is flown, before it is flown.

        scenario   its text, with all that it names
        """
        seats = tuple(seat.name for seat in self._exercise.scenario.seats)
        self._journal = JournalFile(path, scenario, seats)

    def close_notes(self) -> None:
        """Let go of the journal, which stays until the recording is written."""
        if self._journal is not None:
            self._journal.close()

    def greet(self, heard: list[Heard]) -> None:
        """Hear what the first client said before time began."""
        for client, message in heard:
            self.vehicle.hear(message, client)
        self.vehicle.find_client()

    def step(self, heard: list[Heard], silent_s: float | None) -> None:
        """Fly one step.

        silent_s   since the last message of any client; None before the first
        """
        for client, message in heard:
            self.vehicle.hear(message, client)
        if silent_s is not None and silent_s > SILENT_S:
            self.vanished += not self.vehicle.is_client_silent
            self.vehicle.lose_client(is_long=silent_s > LONG_S)
        elif heard:
            self.vehicle.find_client()
        commands = {**self._others, self.seat: self.vehicle.command()}
        if self._journal is not None:
            self._journal.add(commands)
        views = self._exercise.step(commands)
        self.vehicle.see(views[self.seat])


class _Line:
    """A UDP socket with the clients behind it; datagrams from beyond this machine are dropped unless it is named."""

    def __init__(self, where: Address) -> None:
        self.clients: dict[Client, float] = {}  # when each was last heard
        self._is_loopback = where.is_loopback
        self._named = None if where.is_listening else (where.host, where.port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind((where.host, where.port) if where.is_listening else (_own(where), 0))
        except OSError as fault:
            self._socket.close()
            name = f"{where.host}:{where.port}"
            raise WriteError("--mavlink", place=name, why=f"cannot be opened: {fault.strerror or fault}") from None
        self._socket.settimeout(0.0)

    def __enter__(self) -> _Line:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    @property
    def silent_s(self) -> float | None:
        """Return how long ago the last message of any client came; None before the first."""
        return time.monotonic() - max(self.clients.values()) if self.clients else None

    @property
    def lively(self) -> list[Client]:
        """Return the client that was named, and all that were heard of late."""
        now = time.monotonic()
        named = [] if self._named is None else [self._named]
        return named + [one for one, at in self.clients.items() if now - at < SILENT_S and one != self._named]

    def wait(self, seconds: float) -> list[Heard]:
        """Wait so long; return what clients have said meanwhile."""
        end = time.monotonic() + seconds
        heard = self._heard()
        while (left_s := end - time.monotonic()) > 0.0:
            if select.select([self._socket], [], [], left_s)[0]:
                heard += self._heard()
        return heard

    def send(self, client: Client, frames: list[bytes]) -> None:
        """Send frames to a client."""
        for frame in frames:
            try:
                self._socket.sendto(frame, client)
            except OSError:  # nobody there yet, or a full buffer: a datagram may be lost
                break

    def _heard(self) -> list[Heard]:
        """Return what is waiting; a sender of anything but MAVLink is no client."""
        heard: list[Heard] = []
        while len(heard) < _MOST_AT_ONCE:
            try:
                content, sender = self._socket.recvfrom(_DATAGRAM)
            except BlockingIOError:
                break
            except OSError:  # some systems tell here that an earlier datagram found nobody
                continue
            is_known = sender in self.clients or len(self.lively) < _MOST_CLIENTS
            is_near = not self._is_loopback or ipaddress.ip_address(sender[0]).is_loopback
            messages = decoder.decode(content, is_whole=True).messages if is_known and is_near else ()
            if messages:
                self.clients[sender] = time.monotonic()
                heard += [(sender, message) for message in messages]
        return heard


def _reach(airframe: Airframe) -> Reach:
    limits, camera = airframe.limits, airframe.camera
    return Reach(
        limits.max_speed_mps,
        limits.max_climb_mps,
        limits.max_sink_mps,
        limits.max_yaw_rate_dps,
        DEAD_BAND,
        camera_dps=camera.gimbal_fastest_dps,
        camera_deg=(camera.gimbal_lowest_deg, camera.gimbal_highest_deg),
    )


def _briefing(exercise: FlightExercise, scenario: FlightScenario, seat: str) -> Briefing:
    """Return what the scenario and its lane have to say to a seat."""
    mine = sorted((one.time_s, one.text) for one in scenario.injects if one.seat in (None, seat))
    calls = () if exercise.lane is None else tuple(task.call for task in exercise.lane.tasks)
    return Briefing(tuple(text for _, text in mine), calls)


def _own(where: Address) -> str:
    """Return the address of this machine to send from: loopback only reaches loopback."""
    return "127.0.0.1" if where.is_loopback else "0.0.0.0"  # noqa: S104 - asked for by is_anywhere
