"""Identifiers and tokens: their form, and that a seeded source repeats them."""

from __future__ import annotations

import random
import re
import zlib
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.domain.ids import RandomIds, base62
from mock_server.domain.sessions import TOKEN_PREFIXES, CredentialKind


class GivenASourceOfIds:
    def test_then_ids_are_uuids_of_version_4(self) -> None:
        made = RandomIds().new_id()

        assert UUID(made).version == 4
        assert str(UUID(made)) == made

    @pytest.mark.parametrize("kind", list(CredentialKind))
    def test_then_tokens_have_prefix_length_and_checksum_of_the_service(self, kind: CredentialKind) -> None:
        token = RandomIds().new_token(TOKEN_PREFIXES[kind])

        assert re.fullmatch(r"polar_(cst|mst|oat)_[A-Za-z0-9]{43}", token)
        assert len(token) == 53
        secret, checksum = token[10:47], token[47:]
        assert checksum == base62(zlib.crc32(secret.encode()), 6)

    def test_when_the_source_is_seeded_then_it_repeats_itself(self) -> None:
        first, second = (RandomIds(random.Random(7)) for _ in range(2))

        assert [first.new_id(), first.new_token("x_")] == [second.new_id(), second.new_token("x_")]


@given(st.integers(0, 2**32 - 1))
def test_base62_is_read_back_to_the_same_number(number: int) -> None:
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    value = 0
    for digit in base62(number, 6):
        value = value * 62 + alphabet.index(digit)

    assert value == number
