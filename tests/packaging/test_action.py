"""The GitHub Action: its bash steps run here, with files of our own instead of the runner's, and without installing anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.packaging.action import ACTION, ROOT, Runner

SHOWS_ITSELF = """
curl -sf "$POLAR_SERVER_URL/v1/orders/$POLAR_ID_ORDER_PAID" -H "Authorization: Bearer $POLAR_ACCESS_TOKEN" | grep -o '"status":"paid"'
curl -sf "$POLAR_CONTROL_URL/worlds/$POLAR_WORLD_ID" -o /dev/null
test -n "$POLAR_TOKEN_ORGANIZATION_READ"
test -n "$POLAR_ID_CUSTOMER_MAIN$POLAR_ID_PRODUCT_PRO"
test -n "$POLAR_WEBHOOK_SECRET_APP"
command -v polar-mock
"""


class GivenCommandsToRun:
    def test_when_they_pass_then_they_had_the_mock_and_it_is_gone(self, tmp_path: Path) -> None:
        runner = Runner(tmp_path, {"port": "0", "run": SHOWS_ITSELF})

        runner.run()

        assert runner.code == 0, runner.printed
        assert '"status":"paid"' in runner.printed["Run"]
        assert f"{tmp_path}/polar/bin/polar-mock" in runner.printed["Run"]
        assert runner.text("OUTPUT") == f"base-url={runner.exported()['POLAR_SERVER_URL']}\n"
        assert runner.text("pip").endswith(f" {ROOT}\n")
        assert list(runner.codes) == ["Install", "Start the mock", "Run", "Stop the mock"]

    def test_when_others_can_reach_the_mock_then_they_have_its_key_and_each_line_of_options_counts(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "my world.yaml").write_text("scenario: members\n")
        options = f"--host 0.0.0.0\n--world '{tmp_path}/my world.yaml'\n\n--revision 0.1.0\n"
        commands = 'curl -sf "$POLAR_CONTROL_URL/worlds" -H "X-Mock-Key: $POLAR_MOCK_KEY"; test -n "$POLAR_TOKEN_OWNER"'
        runner = Runner(tmp_path, {"port": "0", "serve-options": options, "run": commands})

        runner.run()

        assert runner.code == 0, runner.printed

    def test_when_they_fail_then_so_does_the_action_and_the_mock_is_stopped(self, tmp_path: Path) -> None:
        runner = Runner(tmp_path, {"port": "0", "run": "false\necho not reached"})

        runner.run()

        assert "not reached" not in runner.printed["Run"]
        assert runner.codes == {"Install": 0, "Start the mock": 0, "Run": 1, "Stop the mock": 0}


class GivenTheContractTests:
    @pytest.mark.installs
    def test_when_they_pass_then_the_verdict_is_in_the_summary_and_the_reports_are_there(self, tmp_path: Path) -> None:
        given = {"port": "0", "run": ":", "contract-tests": "true", "contract-tests-options": "--only webhooks"}
        runner = Runner(tmp_path, given)

        runner.run()

        assert runner.code == 0, runner.printed
        assert "no violations of the contract found" in runner.text("STEP_SUMMARY")
        assert (tmp_path / "polar-reports/junit.xml").exists()
        assert runner.text("pip").endswith(f" {ROOT}[contract-tests]\n")

    @pytest.mark.parametrize(
        ("code", "last_lines", "error_lines"),
        [
            (0, "no violations", []),
            (1, "1 broken rule\n::error title=orders:get::expected", ["::error title=orders:get::expected"]),
            (2, "no target", ["::error title=polar-contract::no target"]),
        ],
    )
    def test_when_they_end_then_their_code_and_findings_are_the_step_s(
        self, tmp_path: Path, code: int, last_lines: str, error_lines: list[str]
    ) -> None:
        verdict, *_ = last_lines.splitlines()
        script = f"#!/bin/sh\nshift; echo \"$@\" > '{tmp_path}/asked'; echo '{last_lines}'; exit {code}\n"
        options = "--revision 2026-10\n--only core"
        given = {"port": "0", "run": ":", "contract-tests": "true", "contract-tests-options": options}
        runner = Runner(tmp_path, given, contract_tests=script)

        runner.run()

        url = runner.exported()["POLAR_SERVER_URL"]
        assert runner.text("asked") == f"--base-url {url} --reports polar-reports {' '.join(options.split())}\n"
        assert runner.text("STEP_SUMMARY") == f"### Contract tests\n```\n{verdict}\n```\n"
        assert runner.codes["Run the contract tests"] == code
        printed = runner.printed["Run the contract tests"].splitlines()
        assert [line for line in printed if line.startswith("::error")] == error_lines
        assert runner.codes["Stop the mock"] == 0

    def test_when_their_options_have_a_base_url_on_a_later_line_then_the_mock_is_not_their_target(
        self, tmp_path: Path
    ) -> None:
        script = f"#!/bin/sh\nshift; echo \"$@\" > '{tmp_path}/asked'\n"
        options = "--only core\n--base-url=http://127.0.0.1:3000"
        given = {"port": "0", "run": ":", "contract-tests": "true", "contract-tests-options": options}
        runner = Runner(tmp_path, given, contract_tests=script)

        runner.run()

        assert runner.text("asked") == "--reports polar-reports --only core --base-url=http://127.0.0.1:3000\n"


class GivenBadInput:
    @pytest.mark.parametrize(
        ("given", "step", "sentence"),
        [
            ({"contract-tests": "yes"}, "Install", "contract-tests is 'yes'; it has to be true or false"),
            (
                {"serve-options": "--world nowhere"},
                "Start the mock",
                "the mock did not start: Error: Invalid value for",
            ),
            ({"serve-options": "--world 'my world.yaml"}, "Install", "quotes have to be closed"),
            ({"port": "many"}, "Start the mock", "'many' is not a valid integer"),
        ],
    )
    def test_when_an_input_is_wrong_then_an_error_line_says_what(
        self, tmp_path: Path, given: dict[str, str], step: str, sentence: str
    ) -> None:
        runner = Runner(tmp_path, given)

        runner.run()

        assert runner.codes[step] == 2
        assert f"::error title=polar-mock::{sentence}".split("::")[0] in runner.printed[step]
        assert sentence in runner.printed[step]

    @pytest.mark.parametrize(
        ("package", "asked"),
        [
            ("polar-contract-harness==0.1.0", "polar-contract-harness[contract-tests]==0.1.0"),
            ("polar-contract-harness>=0.1", "polar-contract-harness[contract-tests]>=0.1"),
            ("polar-contract-harness ~= 0.1", "polar-contract-harness[contract-tests]~= 0.1"),
            ("polar-contract-harness[spec]", "polar-contract-harness[spec,contract-tests]"),
            ("polar-contract-harness @ https://h/p.whl", "polar-contract-harness[contract-tests] @ https://h/p.whl"),
            ("git+https://h/polar.git@v1", "polar-contract-harness[contract-tests] @ git+https://h/polar.git@v1"),
            ("dist/polar.whl", "dist/polar.whl[contract-tests]"),
            ("./dist/polar.whl[spec]", "./dist/polar.whl[spec,contract-tests]"),
            (".", ".[contract-tests]"),
        ],
    )
    def test_when_a_package_is_named_then_the_extra_is_added_to_it(
        self, tmp_path: Path, package: str, asked: str
    ) -> None:
        runner = Runner(tmp_path, {"package": package, "contract-tests": "true", "serve-options": "--no-such-option"})

        runner.run()

        assert runner.text("pip").endswith(f" {asked}\n")


def test_no_input_is_part_of_a_script() -> None:
    """It would be run as code; a variable is not."""
    assert [step["name"] for step in ACTION["runs"]["steps"] if "${{" in step.get("run", "")] == []
