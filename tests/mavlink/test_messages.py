"""Our own dozen messages of MAVLink 2, against pymavlink's; and whatever comes over the wire, nothing raises."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pymavlink.dialects.v20 import common

from hotwash.mavlink import decoder as read
from hotwash.mavlink import encoder as written
from hotwash.mavlink.messages import BY_NUMBER, MESSAGES, Declared, Field

NAMES = sorted(MESSAGES)
BEAT = written.encode("HEARTBEAT", {"type": 2, "autopilot": 12, "custom_mode": 0x03040000, "mavlink_version": 3})


def number(field: Field) -> st.SearchStrategy[object]:
    if field.kind in ("f32", "f64"):
        return st.floats(width=32 if field.kind == "f32" else 64, allow_nan=False)
    bits = 8 * field.width
    return st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if field.kind[0] == "i" else st.integers(0, 2**bits - 1)


def value(field: Field) -> st.SearchStrategy[object]:
    if field.is_text:
        return st.text("abc_09", max_size=field.many)
    return st.tuples(*[number(field)] * field.many) if field.many else number(field)


def values(declared: Declared) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries({field.name: value(field) for field in declared.fields})


any_message = st.sampled_from(NAMES).flatmap(lambda name: st.tuples(st.just(name), values(MESSAGES[name])))


def theirs(name: str, filled: dict[str, object], sequence: int = 0) -> bytes:
    """Return pymavlink's frame."""
    link = common.MAVLink(None, srcSystem=1, srcComponent=1)
    link.seq = sequence
    made = common.mavlink_map[MESSAGES[name].number]
    texts = {field.name for field in MESSAGES[name].fields if field.is_text}
    given_ = {key: item.encode() if key in texts else item for key, item in filled.items()}
    return bytes(made(**given_).pack(link))


# ---------------------------------------------------------------- against pymavlink


@pytest.mark.parametrize("name", NAMES)
def test_a_message_is_declared_as_in_the_published_dialect(name: str):
    ours, published = MESSAGES[name], common.mavlink_map[MESSAGES[name].number]
    assert published.msgname == name
    assert [field.name for field in ours.fields] == published.ordered_fieldnames
    assert ours.crc_extra == published.crc_extra
    assert ours.layout.size == published.unpacker.size


@given(any_message, st.integers(0, 255))
def test_our_frames_are_pymavlinks_byte_for_byte(message: tuple[str, dict[str, object]], sequence: int):
    assert written.encode(*message, sequence=sequence) == theirs(*message, sequence)


@given(any_message)
def test_pymavlinks_frames_are_read_as_they_were_meant(message: tuple[str, dict[str, object]]):
    name, filled = message
    (found,) = read.decode(theirs(name, filled)).messages
    assert (found.name, found.values) == (name, filled)


@given(any_message)
def test_frames_of_the_first_version_are_read_too(message: tuple[str, dict[str, object]]):
    name, filled = message
    declared = MESSAGES[name]
    if declared.number > 255:
        return
    link = common.MAVLink(None, srcSystem=7, srcComponent=9)
    texts = {field.name for field in declared.fields if field.is_text}
    given_ = {key: item.encode() if key in texts else item for key, item in filled.items()}
    frame = common.mavlink_map[declared.number](**given_).pack(link, force_mavlink1=True)
    (found,) = read.decode(bytes(frame)).messages
    bare = declared.fields[: len(declared.fields) - declared.extensions]
    assert (found.system, found.component) == (7, 9)
    assert all(found.values[field.name] == filled[field.name] for field in bare)


def test_a_signed_frame_is_read_and_its_signature_passed_over():
    link = common.MAVLink(None, srcSystem=1, srcComponent=1)
    link.signing.sign_outgoing, link.signing.secret_key, link.signing.timestamp = True, b"k" * 32, 1
    frame = bytes(common.MAVLink_ping_message(5, 6, 0, 0).pack(link))
    (found,) = read.decode(frame + BEAT).messages[:1]
    assert (found.name, found.values["seq"]) == ("PING", 6)
    assert [each.name for each in read.decode(frame + BEAT).messages] == ["PING", "HEARTBEAT"]


# ---------------------------------------------------------------- whatever comes


@given(st.binary(max_size=600), st.booleans())
@example(b"\xfd", False)
@example(b"\xfd\xff\x00\x00\x00\x00\x00\x00\x00\x00", False)
def test_any_bytes_are_read_without_raising(content: bytes, is_whole: bool):
    found = read.decode(content, is_whole=is_whole)
    assert len(found.rest) + found.skipped <= len(content)
    assert not (is_whole and found.rest)


@given(st.binary(max_size=40), any_message, st.binary(max_size=40))
def test_a_frame_among_garbage_is_found(before: bytes, message: tuple[str, dict[str, object]], after: bytes):
    frame = written.encode(*message)
    found = read.decode(before + frame + after, is_whole=True)
    assert (message[0], message[1]) in [(each.name, each.values) for each in found.messages]


@given(st.lists(any_message, min_size=1, max_size=4), st.integers(1, 50))
def test_frames_cut_anywhere_are_put_together_again(messages: list[tuple[str, dict[str, object]]], step: int):
    stream = b"".join(written.encode(*message) for message in messages)
    rest, names = b"", []
    for at in range(0, len(stream), step):
        found = read.decode(rest + stream[at : at + step])
        rest, names = found.rest, names + [each.name for each in found.messages]
    assert names == [name for name, _ in messages]
    assert rest == b""


@given(st.integers(0, len(BEAT) - 1), st.integers(1, 255))
def test_a_frame_with_one_byte_changed_is_never_taken(place: int, change: int):
    spoilt = bytearray(BEAT)
    spoilt[place] ^= change
    found = read.decode(bytes(spoilt), is_whole=True).messages
    assert not found


def test_a_frame_with_newer_fields_than_ours_is_read():
    declared = MESSAGES["PING"]
    payload = bytes(range(1, declared.layout.size + 4))
    frame = bytes([0xFD, len(payload), 0, 0, 0, 1, 1, declared.number, 0, 0]) + payload
    crc = read.messages.checksum(bytes([declared.crc_extra]), read.messages.checksum(frame[1:]))
    (found,) = read.decode(frame + crc.to_bytes(2, "little")).messages
    assert found.values["target_component"] == declared.layout.size


# ---------------------------------------------------------------- what a field can hold


def test_numbers_are_held_to_what_their_field_can_hold():
    frame = written.encode("VFR_HUD", {"heading": 1e9, "throttle": -math.inf, "climb": 1e300, "alt": math.nan})
    (found,) = read.decode(frame).messages
    assert (found.values["heading"], found.values["throttle"]) == (2**15 - 1, 0)
    assert found.values["climb"] == math.inf
    assert math.isnan(found.number("alt"))


def test_half_a_letter_at_the_end_of_a_text_is_left_out():
    (found,) = read.decode(written.encode("STATUSTEXT", {"severity": 6, "text": "a" * 49 + "é"})).messages
    assert found.text("text") == "a" * 49


def test_a_field_that_is_not_declared_is_a_slip():
    with pytest.raises(KeyError, match="has no field speed"):
        written.encode("HEARTBEAT", {"speed": 1})
    assert len(BY_NUMBER) == len(MESSAGES)
