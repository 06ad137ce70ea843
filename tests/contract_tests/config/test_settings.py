"""Options and environment become settings, or one sentence that names what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from contract_tests.config.errors import CannotRun
from contract_tests.config.network import is_loopback
from contract_tests.config.settings import CHECKS, Settings, default_workers, is_same_server, read_settings

_GOOD_TOKEN = "polar_cst_" + "x" * 43


def _read(**changes: Any) -> Settings:
    usual: dict[str, Any] = {
        "base_url": "http://127.0.0.1:8000",
        "token_options": (),
        "environment": {},
        "revision": "0.1.0",
        "seed": 1,
        "max_examples": 5,
        "reports": "no-such-folder",
        "timeout_seconds": 5.0,
        "production": False,
    }
    return read_settings(**{**usual, **changes})


class GivenABaseUrl:
    @pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://127.0.0.1:8000/", " http://127.0.0.1:8000 "])
    def test_when_it_ends_in_a_slash_or_not_then_it_is_the_same_target(self, url: str) -> None:
        assert _read(base_url=url).base_url == "http://127.0.0.1:8000"

    @pytest.mark.parametrize(
        ("url", "target"),
        [
            ("HTTP://LocalHost:8000", "http://localhost:8000"),
            ("http://127.0.0.1:", "http://127.0.0.1"),
            ("http://[::1]:08000", "http://[::1]:8000"),
        ],
    )
    def test_when_it_is_spelled_unusually_then_it_is_the_target_that_requests_go_to(
        self, url: str, target: str
    ) -> None:
        assert _read(base_url=url).base_url == target

    @pytest.mark.parametrize(
        ("url", "said"),
        [
            ("localhost:8000", "not an http"),
            ("ftp://x", "not an http"),
            ("", "not an http"),
            ("http://", "not an http"),
            ("http://[::1", "not a URL"),
            ("http://host:99999", "not a URL"),
            ("http://host/v1", "more than a host"),
            ("http://host?x=1", "more than a host"),
            ("http://user:secret@host", "must not hold credentials"),
            ("https://api.polar.sh", "production"),
            ("https://API.polar.sh./", "production"),
            ("https://api\u3002polar.sh", "no host name"),
            ("http://a b", "no host name"),
            ("http://%61pi.polar.sh", "no host name"),
        ],
    )
    def test_when_it_is_not_a_usable_target_then_a_sentence_reports_it(self, url: str, said: str) -> None:
        with pytest.raises(CannotRun, match=said) as refused:
            _read(base_url=url)
        assert "secret" not in str(refused.value)

    def test_when_production_is_confirmed_by_its_long_option_then_it_is_allowed(self) -> None:
        assert _read(base_url="https://api.polar.sh", production=True).base_url == "https://api.polar.sh"

    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("http://127.0.0.1:1", True),
            ("http://localhost", True),
            ("http://[::1]:1", True),
            ("http://10.0.0.1", False),
            ("http://localhost.example.com", False),
        ],
    )
    def test_when_asked_then_it_is_known_whether_it_is_this_machine(self, url: str, expected: bool) -> None:
        assert is_loopback(url) is expected


class GivenTokens:
    def test_when_option_and_environment_differ_then_the_option_wins(self) -> None:
        settings = _read(
            token_options=[f"customer={_GOOD_TOKEN}"],
            environment={"POLAR_CUSTOMER_TOKEN": "another-token", "POLAR_ORGANIZATION_TOKEN": "organization-token"},
        )
        assert settings.tokens == {"customer": _GOOD_TOKEN, "organization": "organization-token"}
        assert _GOOD_TOKEN not in repr(settings)

    @pytest.mark.parametrize(
        "option",
        [
            "customer",
            "king=abcdefgh",
            "=abcdefgh",
            f"customer={_GOOD_TOKEN} ",
            "customer=",
            "customer=tab\there-and-more",
            "customer=snow☃man-token",
        ],
    )
    def test_when_one_is_malformed_then_a_sentence_says_so_without_it(self, option: str) -> None:
        with pytest.raises(CannotRun) as refused:
            _read(token_options=[option])
        assert _GOOD_TOKEN not in str(refused.value)


class GivenNumbersAndFolders:
    @pytest.mark.parametrize("changes", [{"max_examples": 0}, {"timeout_seconds": 0.0}, {"timeout_seconds": 6000.0}])
    def test_when_a_number_makes_no_sense_then_a_sentence_says_so(self, changes: dict[str, Any]) -> None:
        with pytest.raises(CannotRun):
            _read(**changes)

    def test_when_the_reports_folder_has_no_name_then_nothing_is_written_where_the_user_happens_to_be(self) -> None:
        with pytest.raises(CannotRun, match="--reports is empty"):
            _read(reports="")

    def test_when_the_reports_folder_is_a_file_then_a_sentence_says_so(self, tmp_path: Path) -> None:
        file = tmp_path / "file"
        file.write_text("x")
        with pytest.raises(CannotRun, match="is a file"):
            _read(reports=str(file))


class GivenAChoiceOfChecks:
    @pytest.mark.parametrize(
        ("only", "skip", "chosen"),
        [
            ((), (), CHECKS),
            (("model", "core"), (), ("core", "model")),
            ((), ("properties",), CHECKS[:-1]),
            (("core", "model"), ("core",), ("model",)),
        ],
    )
    def test_when_some_are_named_then_they_are_made_in_their_usual_order(
        self, only: tuple[str, ...], skip: tuple[str, ...], chosen: tuple[str, ...]
    ) -> None:
        settings = _read(only=only, skip=skip)
        assert settings.only == chosen
        assert settings.is_whole is (chosen == CHECKS)

    def test_when_none_is_left_then_a_sentence_says_so(self) -> None:
        with pytest.raises(CannotRun, match="--skip"):
            _read(only=("core",), skip=("core",))


@pytest.mark.parametrize(
    ("url", "is_same"),
    [
        ("http://127.0.0.1:8000/a?b", True),
        ("http://localhost:8000/a", True),
        ("http://[::1]:8000", True),
        ("http://127.0.0.1:8001/a", False),
        ("https://127.0.0.1:8000/a", False),
        ("http://127.0.0.1:80000/a", False),
        ("http://localhost.example.com:8000/a", False),
    ],
)
def test_this_machine_is_one_server_by_all_its_names(url: str, is_same: bool) -> None:
    assert is_same_server(url, "http://127.0.0.1:8000") is is_same


@pytest.mark.parametrize(
    ("is_bundled_mock", "is_limited", "cores", "workers"),
    [(True, False, 2, 2), (True, False, 16, 2), (True, False, 1, 1), (True, True, 2, 1), (False, False, 2, 1)],
    ids=["two cores", "many cores", "one core", "a limit", "another target"],
)
def test_when_no_number_of_processes_is_named_then_only_a_whole_run_on_the_bundled_mock_gets_two(
    is_bundled_mock: bool, is_limited: bool, cores: int, workers: int
) -> None:
    chosen = default_workers(is_bundled_mock=is_bundled_mock, is_limited=is_limited, cores=cores)

    assert chosen == workers
