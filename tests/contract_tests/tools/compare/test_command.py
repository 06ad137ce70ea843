"""Every comparison that can't be made ends with exit code 2 and a message that names the side and contains no token."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mock_server.testing import RunningMock
from mutants.proxy import Answer, Forward, Request, proxy
from tests.contract_tests.interrupting import by_ctrl_c, interrupted
from tests.contract_tests.tools.compare.comparing import Compared, run_compare

_TOKEN = "polar_cst_" + "Q7z" * 14 + "q"
_JSON = {"content-type": "application/json"}
_EMPTY_LIST = b'{"items":[],"pagination":{"total_count":0,"max_page":0}}'
_SOMEWHERE = "http://127.0.0.1:9"


def _expect_a_message(compared: Compared, said: str) -> None:
    assert compared.exit_code == 2, compared.output
    assert said in compared.output
    assert "Traceback" not in compared.output
    assert _TOKEN not in compared.output


@contextmanager
def _nobody() -> Iterator[str]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--right"),
        (["--left", _SOMEWHERE], "--right"),
        (["--left", "nonsense", "--right", _SOMEWHERE], "--left 'nonsense' is not an http or https address"),
        (["--left", _SOMEWHERE, "--right", f"{_SOMEWHERE}/v1"], "--right 'http://127.0.0.1:9/v1' has more than a host"),
        (["--left", _SOMEWHERE, "--right", "https://api.polar.sh"], "is production"),
        (["--left", _SOMEWHERE, "--right", _SOMEWHERE, "--token-right", f"king={_TOKEN}"], "--token-right takes KIND=TOKEN"),
        (["--left", _SOMEWHERE, "--right", _SOMEWHERE, "--token-left", "customer=x"], "The customer token is"),
        (["--left", _SOMEWHERE, "--right", _SOMEWHERE, "--steps", "-1"], "--steps"),
        (["--left", _SOMEWHERE, "--right", _SOMEWHERE, "--timeout", "0"], "--timeout"),
        (["--left", _SOMEWHERE, "--right", _SOMEWHERE, "--timeout", "nan"], "nan is no number of seconds"),
        (["--left", _SOMEWHERE, "--right", _SOMEWHERE, "--revision", "9.9.9"], "no revision '9.9.9'"),
    ],
)  # fmt: skip
def test_when_an_argument_is_wrong_then_it_is_reported(arguments: list[str], said: str) -> None:
    _expect_a_message(run_compare(*arguments), said)


class GivenASideThatCannotBeCompared:
    def test_when_nobody_listens_on_the_left_then_it_is_reported(self, good_mock: RunningMock) -> None:
        with _nobody() as url:
            _expect_a_message(
                run_compare("--left", url, "--right", good_mock.base_url), f"--left: {url} cannot be reached"
            )

    def test_when_nobody_listens_on_the_right_then_it_is_reported(self, good_mock: RunningMock) -> None:
        with _nobody() as url:
            _expect_a_message(
                run_compare("--left", good_mock.base_url, "--right", url), f"--right: {url} cannot be reached"
            )

    @pytest.mark.parametrize(
        ("answer", "environment", "said"),
        [
            (Answer(401, _JSON, b'{"error":"Unauthorized"}'), {}, "set POLAR_RIGHT_CUSTOMER_TOKEN or POLAR_RIGHT_ORGANIZATION_TOKEN"),
            (Answer(401, _JSON, b'{"error":"Unauthorized"}'), {"POLAR_CUSTOMER_TOKEN": _TOKEN}, "is not a mock, so it needs a token"),
            (Answer(401, _JSON, b'{"error":"Unauthorized"}'), {"POLAR_LEFT_CUSTOMER_TOKEN": _TOKEN}, "is not a mock, so it needs a token"),
            (Answer(401, _JSON, b'{"error":"invalid_token"}'), {"POLAR_RIGHT_CUSTOMER_TOKEN": _TOKEN}, "--right: The target does not"),
            (Answer(200, _JSON, _EMPTY_LIST), {"POLAR_RIGHT_CUSTOMER_TOKEN": _TOKEN}, "no usable order"),
            (Answer(200, {"content-type": "text/html"}, b"<html>"), {"POLAR_RIGHT_CUSTOMER_TOKEN": _TOKEN}, "HTML page"),
        ],
        ids=["no token", "a token for nobody", "a token for the other side", "a refused token", "no order", "a page"],
    )  # fmt: skip
    def test_when_an_account_offers_nothing_then_it_is_reported(
        self, good_mock: RunningMock, answer: Answer, environment: dict[str, str], said: str
    ) -> None:
        def layer(request: Request, forward: Forward) -> Answer:
            return Answer(404, _JSON, b'{"detail":"Not Found"}') if request.path.startswith("/_mock") else answer

        with proxy("", layer) as account:
            compared = run_compare("--left", good_mock.base_url, "--right", account.base_url, environment=environment)
        _expect_a_message(compared, said)


class GivenASideThatStopsResponding:
    def test_when_it_does_so_at_once_then_it_is_reported_and_there_is_no_result(self, good_mock: RunningMock) -> None:
        is_over = threading.Event()

        def layer(request: Request, forward: Forward) -> Answer:
            if request.path.startswith("/v1/"):
                is_over.wait(20)
            return forward(request)

        with proxy(good_mock.base_url, layer) as faulty:
            compared = run_compare("--left", good_mock.base_url, "--right", faulty.base_url, "--timeout", "1")
            is_over.set()
        _expect_a_message(compared, "got no complete answer")


# Goes from the stories, of which there are none, straight to the contract tests.
_WITHOUT_A_TABLE = """
from contract_tests.cli import main
from contract_tests.tools.compare import table
table.core_rows = lambda *_: []
main()
"""


@pytest.mark.parametrize(
    ("program", "said"),
    [(("-m", "contract_tests"), "it was interrupted"), (("-c", _WITHOUT_A_TABLE), "The run was interrupted")],
    ids=["in the table", "in the contract tests, which run in processes of their own"],
)
def test_when_a_comparison_is_interrupted_then_there_is_no_result(
    good_mock: RunningMock, program: tuple[str, str], said: str
) -> None:
    """Tests of `run --workers` interrupt a command, and the processes of contract tests, in every way."""
    ended = interrupted(
        good_mock.base_url,
        lambda url: ["compare", "--left", url, "--right", good_mock.base_url, "--steps", "0"],
        by_ctrl_c,
        after_answers=100,
        program=program,
    )
    assert ended.exit_code == 2, ended.output
    assert said in ended.output
    assert "Traceback" not in ended.output
