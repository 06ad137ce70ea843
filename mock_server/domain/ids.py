"""Identifiers and tokens, made by a source that is passed in so that a run can be replayed."""

from __future__ import annotations

import random
import string
import uuid
import zlib
from typing import Protocol

_TOKEN_ALPHABET = string.ascii_letters + string.digits
_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM_LENGTH = 37
_CHECKSUM_LENGTH = 6


class IdSource(Protocol):
    def new_id(self) -> str:
        """A fresh UUID of version 4, lower case, with dashes."""

    def new_token(self, prefix: str) -> str:
        """A fresh token: prefix, 37 random characters, 6 characters of checksum."""


def base62(number: int, length: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 62)
        digits = _BASE62[rest] + digits
    return digits.rjust(length, "0")


def token_from(prefix: str, secret: str) -> str:
    """The service's token form: the checksum is the base-62 CRC-32 of the random part."""
    return prefix + secret + base62(zlib.crc32(secret.encode()), _CHECKSUM_LENGTH)


class RandomIds:
    """Ids and tokens from a random generator: the system's by default, a seeded one for replays."""

    def __init__(self, generator: random.Random | None = None) -> None:
        self._generator = generator or random.SystemRandom()

    def new_id(self) -> str:
        return str(uuid.UUID(int=self._generator.getrandbits(128), version=4))

    def new_token(self, prefix: str) -> str:
        return token_from(prefix, "".join(self._generator.choices(_TOKEN_ALPHABET, k=_RANDOM_LENGTH)))
