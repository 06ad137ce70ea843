"""A mock started for a test: Ctrl-C at the terminal does not reach it, and it leaves no process behind."""

from __future__ import annotations

import os

import pytest

from mock_server.testing import running_mock


class GivenARunningMock:
    def test_when_it_is_stopped_then_no_process_of_its_own_group_is_left(self) -> None:
        with running_mock() as mock:
            assert os.getpgid(mock.pid) != os.getpgid(0)
        with pytest.raises(ProcessLookupError):
            os.killpg(mock.pid, 0)
