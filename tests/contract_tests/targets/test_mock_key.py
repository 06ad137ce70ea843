"""A mock that requires the key of its control API: tested with the key; a sentence reports a missing key."""

from __future__ import annotations

import pytest

from contract_tests.config.errors import CannotRun
from contract_tests.targets.control_api import Control
from mock_server.testing import RunningMock
from mutants.planting.messages import JSON_TYPE
from mutants.proxy import Answer, Forward, Request, proxy

_KEY = "s3cret"


def guarded(request: Request, forward: Forward) -> Answer:
    if request.path.startswith("/_mock/") and request.headers.get("x-mock-key") != _KEY:
        return Answer(401, JSON_TYPE, b'{"error":"KeyRefused","detail":"X-Mock-Key is missing or wrong"}')
    return forward(request)


def test_when_the_contract_tests_have_the_key_then_they_create_worlds(good_mock: RunningMock) -> None:
    with proxy(good_mock.base_url, guarded) as mock:
        control = Control(mock.base_url, lambda *_: None, 10.0, key=_KEY)
        control.create({}).delete()
        control.close()


@pytest.mark.parametrize("key", [None, "wrong"])
def test_when_it_does_not_then_a_sentence_says_which_variable_to_set(good_mock: RunningMock, key: str | None) -> None:
    with proxy(good_mock.base_url, guarded) as mock:
        control = Control(mock.base_url, lambda *_: None, 10.0, key=key)
        with pytest.raises(CannotRun, match="set POLAR_MOCK_KEY to the key that it printed at start"):
            control.create({})
        control.close()
