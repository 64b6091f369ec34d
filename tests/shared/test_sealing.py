"""The sealed box: opens for its key and id, and for nothing else."""

import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import sealing
from shared.sealing import CannotOpen, key_id_of, new_keypair, open_sealed, seal

OFFICE = new_keypair(bytes(range(32)))
OTHER = new_keypair(bytes(range(1, 33)))
KEYS = {OFFICE.key_id: OFFICE.private}
ONCE = bytes(range(100, 132))
AAD = b"threshold-event/1|e1"
LIMIT = 1_000_000
BOX = seal(OFFICE.public, b'{"v":1}', AAD, ONCE)


def why(sealed, *, keys=None, aad=AAD, limit=LIMIT):
    with pytest.raises(CannotOpen) as shut:
        open_sealed(KEYS if keys is None else keys, sealed, aad, limit)
    return shut.value.code


@given(st.binary(max_size=3000), st.binary(max_size=40), st.binary(min_size=32, max_size=32))
def test_what_is_sealed_opens(plain, aad, once):
    assert open_sealed(KEYS, seal(OFFICE.public, plain, aad, once), aad, LIMIT) == plain


@given(st.integers(0, len(BOX) - 1), st.integers(1, 255))
def test_a_flipped_byte_is_noticed(place, flip):
    spoiled = bytearray(BOX)
    spoiled[place] ^= flip
    assert why(bytes(spoiled)) in {"not_a_box", "unknown_key", "damaged"}


@given(st.binary(max_size=200))
def test_other_bytes_are_no_box(raw):
    assert why(raw)
    assert why(BOX[:41] + raw)


def test_why_a_box_stays_shut():
    assert why(BOX, aad=b"threshold-event/1|e2") == "damaged"
    assert why(BOX, keys={}) == "unknown_key"
    assert why(BOX, keys={OFFICE.key_id: OTHER.private}) == "damaged"
    assert why(BOX, keys={OTHER.key_id: OTHER.private}) == "unknown_key"
    assert why(BOX[:-1]) == "damaged"
    assert why(BOX + b"x") == "damaged"
    assert why(b"\x02" + BOX[1:]) == "not_a_box"
    # A public key of low order shares no secret; nobody may choose the key that way.
    assert why(BOX[:9] + bytes(32) + BOX[41:]) == "damaged"


def test_an_older_key_still_opens():
    both = {OTHER.key_id: OTHER.private, **KEYS}
    assert open_sealed(both, BOX, AAD, LIMIT) == b'{"v":1}'
    assert key_id_of(OFFICE.public) == OFFICE.key_id != OTHER.key_id


def test_a_bomb_is_not_blown_up():
    bomb = seal(OFFICE.public, bytes(50_000_000), AAD, ONCE)
    assert len(bomb) < 100_000
    assert why(bomb, limit=1_000_000) == "too_large"
    exact = seal(OFFICE.public, bytes(1000), AAD, ONCE)
    assert len(open_sealed(KEYS, exact, AAD, 1000)) == 1000
    assert why(exact, limit=999) == "too_large"


def test_the_text_is_not_in_the_box_and_boxes_differ():
    text = b"the mattress was soaked through" * 3
    first, second = (seal(OFFICE.public, text, AAD, bytes([n]) * 32) for n in (1, 2))
    assert b"mattress" not in first
    assert first != second
    assert first[41:] != second[41:]


def test_the_dictionary_of_version_1_never_changes():
    assert sealing.VERSION == 1
    assert zlib.adler32(sealing._DICTIONARY) == 4262659504


def test_a_whole_visit_seals_small():
    answers = [
        {"item": f"SLP-{n:02}", "answer": "good", "about": "ada", "basis": "seen"}
        for n in range(1, 13)
    ] * 4
    visit = json.dumps({"type": "visit", "answers": answers}, separators=(",", ":")).encode()
    assert len(seal(OFFICE.public, visit, AAD, ONCE)) < len(visit) / 5


@pytest.mark.parametrize("random", [b"", bytes(31)])
def test_too_little_chance_is_refused(random):
    with pytest.raises(ValueError):
        seal(OFFICE.public, b"x", AAD, random)
    with pytest.raises(ValueError):
        new_keypair(random)


def test_the_private_half_is_in_no_words():
    assert OFFICE.private.hex() not in repr(OFFICE) + str(OFFICE)
    assert repr(OFFICE.private) not in repr(OFFICE)
