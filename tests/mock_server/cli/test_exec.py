"""`polar-mock exec` as a process: the command's environment, its output, its exit code, signals; and what stops it from running."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from mock_server.cli import main
from mock_server.cli.exec import NOT_HERE, exec_
from mock_server.cli.serve import serve
from mock_server.cli.variables import NotOneLine, SameVariable, environment, lines
from tests.mock_server.documents.worlds import JANE, a_world

EXEC = [sys.executable, "-m", "mock_server", "exec"]
SECONDS = 60.0
SHOP = {
    "customers": {"jane": JANE},
    "tokens": {
        "old": {"kind": "organization_access_token", "expires_in_seconds": -1},
        "back-office": {"kind": "organization_access_token"},
        "jane": {"kind": "customer_session", "customer": "jane"},
    },
    "orders": {"paid": {"customer": "jane"}},
    "webhook_endpoints": {"my app": {"url": "http://127.0.0.1:9/", "secret": "s3cret"}},
}


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **variables}
    return subprocess.run(
        [*EXEC, *arguments], capture_output=True, text=True, timeout=SECONDS, check=False, env=env, input="typed"
    )


class GivenACommand:
    def test_then_it_has_its_input_and_output_for_itself_the_mock_in_its_environment_and_the_last_word(self) -> None:
        program = (
            "import json, os, sys, urllib.request as u; e = os.environ;"
            "answer = u.urlopen(u.Request(e['POLAR_SERVER_URL'] + '/v1/orders/' + e['POLAR_ID_ORDER_PAID'],"
            " headers={'Authorization': 'Bearer ' + e['POLAR_ACCESS_TOKEN']}));"
            "print(json.dumps([json.load(answer)['id'], e['POLAR_ID_ORDER_PAID'], sys.argv[1:], sys.stdin.read()]));"
            "print('heard', file=sys.stderr); sys.exit(7)"
        )

        done = run(sys.executable, "-c", program, "--port", "x y", POLAR_ACCESS_TOKEN="polar_oat_real")

        order_id, expected, arguments, typed = json.loads(done.stdout)
        said, heard = done.stderr.splitlines()
        assert done.returncode == 7
        assert (order_id, arguments, typed) == (expected, ["--port", "x y"], "typed")
        assert said.startswith("polar-mock: serving http://127.0.0.1:")
        assert heard == "heard"


def test_each_option_of_serve_works_here_or_is_left_out_on_purpose() -> None:
    """A new one fails here: whoever adds it makes it work in `exec`, too, or leaves it out there."""
    here = {"host", "port", "revision", "world", "allow_webhook_hosts", "public_url", "body_timeout"}
    more = {"access_log", "log_format", "faults"}

    assert {one.name for one in exec_.params} == here | more | {"command"}
    assert {one.name for one in serve.params} == here | more | set(NOT_HERE)


class GivenASignal:
    @pytest.fixture
    def running(self) -> Iterator[tuple[subprocess.Popen[str], int]]:
        """A command that answers SIGTERM with its own exit code, and its mock's port."""
        program = (
            "import os, signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(print('got it') or 9));"
            "print(os.environ['POLAR_SERVER_URL'], flush=True); sys.stdin.read()"
        )
        with subprocess.Popen(
            [*EXEC, "--", sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            assert process.stdout is not None
            yield process, int(process.stdout.readline().rpartition(":")[2])
            if process.poll() is None:
                process.kill()

    def test_when_it_is_sent_to_exec_then_the_command_gets_it_and_has_the_last_word(
        self, running: tuple[subprocess.Popen[str], int]
    ) -> None:
        process, _ = running

        process.send_signal(signal.SIGTERM)

        # Its input stays open: at its end the command would end by itself.
        assert process.wait(SECONDS) == 9
        assert process.stdout is not None
        assert process.stdout.read() == "got it\n"

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
    def test_when_it_ends_the_command_then_the_exit_code_is_the_one_of_a_shell(self, number: signal.Signals) -> None:
        done = run("--", "sh", "-c", f"kill -{number.value} $$")

        assert done.returncode == 128 + number

    def test_when_it_kills_exec_then_no_mock_is_left(self, running: tuple[subprocess.Popen[str], int]) -> None:
        process, port = running

        process.kill()
        process.wait(SECONDS)

        with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=SECONDS):
            pass

    def test_when_it_comes_before_the_command_runs_then_the_process_ends_by_the_same_rule(self) -> None:
        program = (
            "import os, signal, time; from mock_server.serving.commands import CommandSignals;"
            "signals = CommandSignals(); signals.heed(); os.kill(os.getpid(), signal.SIGTERM); time.sleep(60)"
        )

        done = subprocess.run([sys.executable, "-c", program], timeout=SECONDS, check=False)

        assert done.returncode == 128 + signal.SIGTERM


class GivenSomethingThatStopsIt:
    @pytest.fixture
    def taken(self) -> Iterator[str]:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            yield str(taken.getsockname()[1])

    @pytest.fixture
    def no_program(self, tmp_path: Path) -> Path:
        path = tmp_path / "program"
        path.write_text("echo ran")
        return path

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("--port", "TAKEN", "--", "touch", "RAN"), "another program listens there"),
            (("--world", "no-such", "--", "touch", "RAN"), "a file's name has a / in it or ends in .yaml"),
            (("--world", "no/such.yaml", "--", "touch", "RAN"), "no/such.yaml"),
            (("--revision", "9.9", "--", "touch", "RAN"), "known revisions: 0.1.0"),
            (("--ready-file", "x", "--", "touch", "RAN"), "No such option '--ready-file'"),
            (("--", "no-such-command"), "there is no such command"),
            (("--", "/no/such/command"), "there is no such command"),
            (("--", "PROGRAM"), "it is not an executable file"),
            ((), "Missing argument 'COMMAND...'"),
        ],
    )
    def test_then_a_sentence_says_so_with_exit_code_2_and_the_command_does_not_run(
        self, arguments: tuple[str, ...], said: str, taken: str, no_program: Path, tmp_path: Path
    ) -> None:
        stands_for = {"TAKEN": taken, "PROGRAM": str(no_program), "RAN": str(tmp_path / "ran")}

        done = CliRunner().invoke(main, ["exec", *(stands_for.get(one, one) for one in arguments)])

        assert done.exit_code == 2
        assert said in " ".join(done.stderr.replace("│", " ").split())
        assert done.stdout == ""
        assert not (tmp_path / "ran").exists()

    def test_when_the_program_can_t_be_loaded_then_a_sentence_says_so(self, no_program: Path) -> None:
        no_program.chmod(0o755)

        done = run("--", str(no_program))

        assert done.returncode == 2
        assert "neither a program nor a script that begins with #!" in done.stderr
        assert done.stdout == ""


class GivenAWorld:
    def test_then_the_variables_name_its_tokens_ids_and_secrets_and_nothing_of_an_account_stays(self) -> None:
        world = a_world(SHOP)
        inherited = {"HOME": "/home/me", "POLAR_ACCESS_TOKEN": "polar_oat_real", "POLAR_ID_ORDER_GONE": "x"}

        made = environment(inherited, world, "http://127.0.0.1:1", "key")

        assert "polar_oat_real" not in made.values()
        assert made["HOME"] == "/home/me"
        assert made["POLAR_ACCESS_TOKEN"] == made["POLAR_TOKEN_BACK_OFFICE"] == world.world_seed.tokens["back-office"]
        assert made["POLAR_ID_ORDER_PAID"] == world.ids["order:paid"]
        assert made["POLAR_WEBHOOK_SECRET_MY_APP"] == "s3cret"
        assert (made["POLAR_CONTROL_URL"], made["POLAR_MOCK_KEY"]) == ("http://127.0.0.1:1/_mock", "key")
        assert "POLAR_ID_ORDER_GONE" not in made

    def test_when_it_has_no_token_of_the_organization_then_there_is_no_access_token(self) -> None:
        made = environment({"POLAR_ACCESS_TOKEN": "polar_oat_real"}, a_world({}), "http://127.0.0.1:1", None)

        assert "POLAR_ACCESS_TOKEN" not in made

    def test_when_two_names_are_one_variable_then_a_sentence_names_them(self) -> None:
        world = a_world({"customers": {"a-b": JANE, "a_b": {**JANE, "email": "b@example.com"}}})

        with pytest.raises(
            SameVariable, match=r"'customer:a-b' and 'customer:a_b' would both be POLAR_ID_CUSTOMER_A_B"
        ):
            environment({}, world, "http://127.0.0.1:1", None)

    def test_when_they_are_written_to_a_file_then_each_has_a_line_and_one_with_two_is_refused(self) -> None:
        assert lines({"A": "b = c", "D": ""}) == "A=b = c\nD="
        with pytest.raises(NotOneLine, match="POLAR_WEBHOOK_SECRET_APP has a line feed"):
            lines({"POLAR_WEBHOOK_SECRET_APP": "a\nPATH=/tmp"})
