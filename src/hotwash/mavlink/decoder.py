"""Bytes from a wire to messages of MAVLink: whatever comes, nothing raises, and a whole frame is found.

… garbage │ FD length flags … payload checksum │ garbage │ FE … │ half a frame
             └────── checked ─────▶ Message                        └▶ kept for the next bytes
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from hotwash.mavlink import messages
from hotwash.mavlink.messages import Declared, FieldValue, Message

_SIGNATURE_BYTES = 13
_HEAD_2, _HEAD_1 = 10, 6  # bytes before the payload, the first included


@dataclass(frozen=True, slots=True)
class Decoded:
    """What was found in some bytes.

    messages   in their order; of kinds that are not declared nothing is told
    rest       the end, which may be the beginning of a frame: put it before the next bytes
    skipped    bytes that were part of no frame that we know
    """

    messages: tuple[Message, ...]
    rest: bytes
    skipped: int


def decode(content: bytes, *, is_whole: bool = False) -> Decoded:
    """Return the messages in some bytes, of MAVLink 2 or 1; a signature is passed over, not checked.

    content    anything
    is_whole   whether nothing follows, as at the end of a datagram: half a frame is then skipped, not kept

    A frame of an undeclared message cannot be checked, so its bytes are looked through like any others.
    """
    messages: list[Message] = []
    at = skipped = 0
    while at < len(content):
        size, message = _frame(content, at)
        if message is not None:
            messages.append(message)
            at += size
        elif size > len(content) - at and not is_whole:
            return Decoded(tuple(messages), content[at:], skipped)
        else:
            at, skipped = at + 1, skipped + 1
    return Decoded(tuple(messages), b"", skipped)


def _frame(content: bytes, at: int) -> tuple[int, Message | None]:
    """Return how many bytes the frame that begins here has or needs, and its message where it is whole and right."""
    if content[at] == messages.MAGIC_2:
        return _second(content, at)
    if content[at] == messages.MAGIC_1:
        return _first(content, at)
    return 1, None


def _second(content: bytes, at: int) -> tuple[int, Message | None]:
    if len(content) - at < _HEAD_2:
        return _HEAD_2, None
    length, flags, _, sequence, system, component = content[at + 1 : at + 7]
    declared = messages.BY_NUMBER.get(int.from_bytes(content[at + 7 : at + 10], "little"))
    if declared is None or flags & ~messages.SIGNED:
        return 1, None
    checked = _HEAD_2 + length + 2
    size = checked + (_SIGNATURE_BYTES if flags & messages.SIGNED else 0)
    if len(content) - at < size or not _is_right(content[at + 1 : at + checked], declared):
        return size, None
    payload = content[at + _HEAD_2 : at + _HEAD_2 + length]
    return size, Message(declared.name, _values(declared, payload), sequence, system, component)


def _first(content: bytes, at: int) -> tuple[int, Message | None]:
    if len(content) - at < _HEAD_1:
        return _HEAD_1, None
    length, sequence, system, component, number = content[at + 1 : at + 6]
    declared = messages.BY_NUMBER.get(number)
    if declared is None or length < declared.bare_length:  # some senders add the newer fields here too
        return 1, None
    size = _HEAD_1 + length + 2
    if len(content) - at < size or not _is_right(content[at + 1 : at + size], declared):
        return size, None
    payload = content[at + _HEAD_1 : at + _HEAD_1 + length]
    return size, Message(declared.name, _values(declared, payload), sequence, system, component)


def _is_right(content: bytes, declared: Declared) -> bool:
    """Tell whether the last two bytes are the checksum of those before them."""
    (said,) = struct.unpack("<H", content[-2:])
    return bool(said == messages.checksum(bytes([declared.crc_extra]), messages.checksum(content[:-2])))


def _values(declared: Declared, payload: bytes) -> dict[str, FieldValue]:
    """Return the fields of a payload; the zeros at its end may have been left out, newer fields may follow them."""
    size = declared.layout.size
    laid = declared.layout.unpack(payload[:size].ljust(size, b"\0"))
    found: dict[str, FieldValue] = {}
    place = 0
    for field in declared.fields:
        if field.is_text:
            found[field.name] = laid[place].split(b"\0")[0].decode("utf-8", "replace")
            place += 1
        elif field.many:
            found[field.name] = tuple(laid[place : place + field.many])
            place += field.many
        else:
            found[field.name] = laid[place]
            place += 1
    return found
