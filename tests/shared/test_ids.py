"""UUIDv7: the vector of RFC 9562, order by time, and what is refused."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ids import is_uuid7, unix_ms_of, uuid7


def test_the_example_of_the_rfc():
    # RFC 9562, A.6: rand_a 0xCC3, rand_b 0b01 and 0x8C4DC0C0C07398F, 22 February 2022 19:22:22
    random = bytes.fromhex("0cc3" + "18c4dc0c0c07398f")
    assert uuid7(0x017F22E279B0, random) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@given(st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
def test_python_reads_it_as_version_7_of_the_rfc_variant(ms, random):
    made = uuid.UUID(uuid7(ms, random))
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert unix_ms_of(str(made)) == ms
    assert is_uuid7(str(made))


@given(st.integers(0, 2**48 - 2), st.binary(min_size=10, max_size=10))
def test_a_later_one_sorts_after(ms, random):
    assert uuid7(ms, b"\xff" * 10) < uuid7(ms + 1, random)


@pytest.mark.parametrize(("ms", "random"), [(-1, bytes(10)), (2**48, bytes(10)), (0, bytes(9))])
def test_what_does_not_fit_is_refused(ms, random):
    with pytest.raises(ValueError):
        uuid7(ms, random)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "017F22E2-79B0-7CC3-98C4-DC0C0C07398F",
        "017f22e2-79b0-4cc3-98c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-18c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n",
        "017f22e279b07cc398c4dc0c0c07398f",
    ],
)
def test_other_texts_are_none(text):
    assert not is_uuid7(text)
    with pytest.raises(ValueError):
        unix_ms_of(text)
