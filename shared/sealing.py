"""The sealed box: what a phone keeps and sends so that only the office can read it.

A box is: version (1 byte), key id (8), ephemeral public key (32), ciphertext. X25519 with a key
pair made for this box alone, HKDF-SHA256 to a key and nonce, AES-256-GCM over the compressed
text, bound to the header and to what the caller names (the id it is sent under).
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

VERSION = 1
RANDOM_BYTES = 32
OVERHEAD = 1 + 8 + 32 + 16
_HEADER = 41
_INFO = b"threshold-sealed/1"

# What zlib may point back to: the keys and words that every event repeats, the commonest last.
# Part of version 1: to change a byte of it is to make a new version.
_DICTIONARY = (
    b'"v":1,"type":"household","household_record":{"address":"","adults":[{"id":"","name":"",'
    b'"relation":"mother"}],"children":[{"birth_weight_g":3400,"born":"2026-0","bottle_fed":true,'
    b'"due":"2026-","gestation_weeks":40,"id":"","name":""}],"name":"","phone":"07700 900"}'
    b'"type":"plan","action":"start","plan":"","kind":"child_protection","see_every":'
    b'{"working_days":10},"conditions":[{"code":"no_access","outcomes":["hide","refused","gone",'
    b'"out_announced","absent","withheld"]}],"words":"","type":"closure_request","type":"decision"'
    b'"type":"acknowledge","type":"disagree","type":"report","event_ref":"","role":"team_manager",'
    b'"on":"","rule":"R0","type":"action_done","action":"call_police","action":"tell_manager",'
    b'"outcome":"","reference":"","amends":"","told_by_family_or_neighbour","told_by_professional"'
    b'"told_by_child","from_record","told_by_parent","reason":"","also":"","note":"",'
    b'{"about":"","answer":["none"],"basis":"seen","item":"PAR-01"},'
    b'{"answer":"in","basis":"seen","item":"ACC-01"},{"answer":"ann","basis":"seen","item":"ACC-02"'
    b'},{"answer":["all"],"basis":"seen","item":"ACC-04"},{"answer":"known","basis":"seen","item":'
    b'"ACC-05"},{"about":"","answer":["ok"],"basis":"seen","item":"CHD-01"},{"about":"","answer":'
    b'"warm","basis":"seen","item":"CHD-02"},{"about":"","answer":"gentle","basis":"seen","item":'
    b'"CHD-03"},{"about":"","answer":["own"],"basis":"seen","item":"SLP-01"},{"about":"","answer":'
    b'"both","basis":"seen","item":"SLP-02"},"answer":"back","item":"SLP-03","answer":"good","item"'
    b':"SLP-04","answer":"clean","item":"SLP-05","answer":["clear"],"item":"SLP-06","answer":'
    b'["never"],"item":"SLP-07","item":"SLP-08","answer":18.5,"item":"SLP-09","item":"SLP-10",'
    b'"item":"SLP-11","answer":"plan","item":"SLP-12","item":"FED-01","item":"FED-02","answer":'
    b'"yes","item":"FED-03","item":"FED-04","item":"HYG-01","item":"HYG-02","item":"HYG-03","item":'
    b'"HYG-04","item":"SAF-01","item":"SAF-02","item":"SAF-03","item":"SAF-04","item":"HLT-01",'
    b'"item":"HLT-02","answer":"well","item":"HLT-04","answer":0,"item":"HLT-05","answer":"no",'
    b'"item":"HLT-06","item":"PAR-02","answer":"named","item":"PAR-03","item":"PAR-04","item":'
    b'"PAR-05","item":"PAR-06","item":"ENG-01","item":"ENG-02","answer":"open","item":"ENG-03",'
    b'"item":"ENG-04","answer":"unk","answer":"N","basis":"seen","item":"ENG-05"}],'
    b'"agency":"social_care","answers":[{"agency":"health_visiting","answers":[{"about":"",'
    b'"answer":"refused","basis":"seen","item":"ACC-01"}],"at":"2026-11-2T10:00:00+00:00","by":'
    b'"hv-","checklist":"infant-home-visit/1","household":"019","id":"019","left_at":"2026-",'
    b'"shown":["R0"],"type":"visit","v":1}'
)

Reason = Literal["not_a_box", "unknown_key", "damaged", "too_large"]
_WORDS: dict[Reason, str] = {
    "not_a_box": "this is not a sealed box of a version we know",
    "unknown_key": "this was sealed for a key that is not here",
    "damaged": "this was changed, or was sealed under another id",
    "too_large": "this holds more than may be opened",
}


class CannotOpen(Exception):
    """A box that stays shut. `code` says why: not_a_box, unknown_key, damaged or too_large."""

    def __init__(self, code: Reason) -> None:
        super().__init__(_WORDS[code])
        self.code = code


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An office's key pair, as raw bytes; `key_id` is what boxes and devices call it by."""

    key_id: str
    public: bytes
    private: bytes

    def __repr__(self) -> str:
        """Return the pair's name without its private half, which belongs in no log."""
        return f"KeyPair({self.key_id})"


def new_keypair(random: bytes) -> KeyPair:
    """Return the key pair of 32 random bytes."""
    private = X25519PrivateKey.from_private_bytes(_enough(random))
    public = _raw(private.public_key())
    return KeyPair(key_id_of(public), public, random)


def key_id_of(public_key: bytes) -> str:
    """Return the id of a public key: the first 8 bytes of its SHA-256, in hexadecimal."""
    return sha256(public_key).hexdigest()[:16]


def seal(public_key: bytes, plaintext: bytes, aad: bytes, random: bytes) -> bytes:
    """Return the plaintext compressed and sealed for a public key, bound to `aad`.

    `random`: 32 bytes (more are left over) that are used for this box and never again.
    """
    once = X25519PrivateKey.from_private_bytes(_enough(random[:RANDOM_BYTES]))
    ephemeral = _raw(once.public_key())
    header = bytes([VERSION]) + bytes.fromhex(key_id_of(public_key)) + ephemeral
    shared = once.exchange(X25519PublicKey.from_public_bytes(public_key))
    key, nonce = _derive(shared, ephemeral, public_key)
    deflate = zlib.compressobj(level=9, zdict=_DICTIONARY)
    packed = deflate.compress(plaintext) + deflate.flush()
    return header + AESGCM(key).encrypt(nonce, packed, header + aad)


def open_sealed(private_keys: Mapping[str, bytes], sealed: bytes, aad: bytes, limit: int) -> bytes:
    """Return what a box holds, at most `limit` bytes of it.

    `private_keys`: key id to private key, older ones included, since phones can be late. Raises
    CannotOpen, and nothing else, whatever the bytes are.
    """
    if len(sealed) < OVERHEAD or sealed[0] != VERSION:
        raise CannotOpen("not_a_box")
    private_bytes = private_keys.get(sealed[1:9].hex())
    if private_bytes is None:
        raise CannotOpen("unknown_key")
    header = sealed[:_HEADER]
    private = X25519PrivateKey.from_private_bytes(private_bytes)
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(header[9:]))
        key, nonce = _derive(shared, header[9:], _raw(private.public_key()))
        packed = AESGCM(key).decrypt(nonce, sealed[_HEADER:], header + aad)
    except (InvalidTag, ValueError):  # ValueError: a public key that shares no secret
        raise CannotOpen("damaged") from None
    return _inflated(packed, limit)


def _inflated(packed: bytes, limit: int) -> bytes:
    inflate = zlib.decompressobj(zdict=_DICTIONARY)
    try:
        plain = inflate.decompress(packed, limit + 1)
    except zlib.error:
        raise CannotOpen("damaged") from None
    if len(plain) > limit:
        raise CannotOpen("too_large")
    if not inflate.eof or inflate.unused_data:
        raise CannotOpen("damaged")
    return plain


def _derive(shared: bytes, ephemeral: bytes, public_key: bytes) -> tuple[bytes, bytes]:
    # A key pair per box makes key and nonce unique together, so neither needs its own randomness.
    hkdf = HKDF(algorithm=SHA256(), length=44, salt=None, info=_INFO + ephemeral + public_key)
    derived = hkdf.derive(shared)
    return derived[:32], derived[32:]


def _enough(random: bytes) -> bytes:
    if len(random) != RANDOM_BYTES:
        raise ValueError(f"{RANDOM_BYTES} random bytes are needed")
    return random


def _raw(public_key: X25519PublicKey) -> bytes:
    return public_key.public_bytes(Encoding.Raw, PublicFormat.Raw)
