"""Ids that sort by when they were made: UUIDv7, from a time and random bytes given to us."""

from __future__ import annotations

import re

_SHAPE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_MAX_MS = (1 << 48) - 1


def uuid7(unix_ms: int, random: bytes) -> str:
    """Return the UUIDv7 (RFC 9562, 5.7) of a time in milliseconds and ten random bytes.

    Six bits of the ten bytes give way to the version and the variant. Raises ValueError when
    the time does not fit 48 bits or there are not exactly ten bytes.
    """
    if not 0 <= unix_ms <= _MAX_MS:
        raise ValueError("the time does not fit a UUIDv7")
    if len(random) != 10:
        raise ValueError("a UUIDv7 takes exactly ten random bytes")
    bits = int.from_bytes(random, "big")
    high = 0x7000 | ((bits >> 64) & 0x0FFF)
    low = (0b10 << 62) | (bits & ((1 << 62) - 1))
    text = f"{unix_ms:012x}{high:04x}{low:016x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def is_uuid7(text: str) -> bool:
    """Tell whether the text is a UUIDv7 written in lower case with hyphens, and nothing else."""
    return _SHAPE.fullmatch(text) is not None


def unix_ms_of(uuid: str) -> int:
    """Return the time, in milliseconds since 1970, that a UUIDv7 carries. ValueError otherwise."""
    if not is_uuid7(uuid):
        raise ValueError("not a UUIDv7")
    return int(uuid[:8] + uuid[9:13], 16)
