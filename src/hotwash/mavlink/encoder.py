"""Messages of MAVLink 2 to the bytes of a frame."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping

from hotwash.mavlink import messages
from hotwash.mavlink.messages import Declared, Field, FieldValue

_MOST_NUMBER = 255


def encode(
    name: str, values: Mapping[str, FieldValue], *, sequence: int = 0, system: int = 1, component: int = 1
) -> bytes:
    """Return one frame, unsigned.

    name        a message of model.mavlink.MESSAGES
    values      by field; what is left out is 0. Numbers are rounded where the field is whole, and held to what it can
                hold; NaN in a whole field is 0. Texts are cut to their field in UTF-8
    sequence    running number, of which the last eight bits are sent
    raises      KeyError for a message or field that is not declared: that is a slip in a program, not bad input
    """
    declared = messages.MESSAGES[name]
    unknown = set(values) - {field.name for field in declared.fields}
    if unknown:
        raise KeyError(f"{name} has no field {min(unknown)}")
    payload = _payload(declared, values)
    head = bytes([len(payload), 0, 0, sequence % (_MOST_NUMBER + 1), system, component])
    head += struct.pack("<I", declared.number)[:3]
    crc = messages.checksum(bytes([declared.crc_extra]), messages.checksum(head + payload))
    return bytes([messages.MAGIC_2]) + head + payload + struct.pack("<H", crc)


def _payload(declared: Declared, values: Mapping[str, FieldValue]) -> bytes:
    """Return the fields laid out, without the zeros at the end; the first byte always stays."""
    laid: list[float | int | bytes] = []
    for field in declared.fields:
        laid += _laid_out(field, values.get(field.name, "" if field.is_text else 0))
    content = declared.layout.pack(*laid)
    return content.rstrip(b"\0") or content[:1]


def _laid_out(field: Field, value: FieldValue) -> list[float | int | bytes]:
    if isinstance(value, str):
        cut = value.encode("utf-8", "replace")[: field.many or 1]
        return [cut.decode("utf-8", "ignore").encode()]  # half a letter at the end is none
    numbers = list(value) if isinstance(value, tuple) else [value]
    numbers += [0] * ((field.many or 1) - len(numbers))
    return [_field_number(field, number) for number in numbers[: field.many or 1]]


def _field_number(field: Field, number: float) -> float | int:
    """Return a number as its field can hold it."""
    if field.kind.startswith("f"):
        return _single(number) if field.kind == "f32" else float(number)
    if math.isnan(number):
        return 0
    bits = 8 * field.width
    least, most = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if field.kind.startswith("i") else (0, (1 << bits) - 1)
    return int(min(max(number if isinstance(number, int) else _round_or_limit(number, least, most), least), most))


def _round_or_limit(number: float, least: int, most: int) -> int:
    if math.isinf(number):
        return most if number > 0 else least
    return round(number)


def _single(number: float) -> float:
    """Return a number that 32 bits can hold: beyond their range it is infinite."""
    try:
        struct.pack("<f", number)
    except OverflowError:
        return math.copysign(math.inf, number)
    return float(number)
