"""The plugin: its fixtures, its marker, and what it adds to the report of a failed test. Nothing starts before a test needs it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_polar import marks

if TYPE_CHECKING:
    from pytest_polar.client import Client
    from pytest_polar.contract_check import ContractCheck
    from pytest_polar.server import Run, Server
    from pytest_polar.webhooks import Webhooks
    from pytest_polar.world import World

_RUN = pytest.StashKey["Run"]()
_WORLD = pytest.StashKey["World"]()
_CHECK = pytest.StashKey["ContractCheck"]()
_FOLDER = "polar_folder"
"""The key of the run's folder in what pytest-xdist's controller tells its workers."""
_RECEIVER = "polar_webhooks"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", marks.LINE)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """In the controller of pytest-xdist: its workers share a server, which ends with the controller."""
    node.workerinput[_FOLDER] = str(_run(node.config).folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    run = config.stash.get(_RUN, None)
    if run is not None:
        run.close()


def _run(config: pytest.Config) -> Run:
    from pytest_polar.server import Run

    if _RUN not in config.stash:
        config.stash[_RUN] = Run()
    return config.stash[_RUN]


def _folder(config: pytest.Config) -> Path:
    """That of the controller; a worker on another machine has its own."""
    told = Path(getattr(config, "workerinput", {}).get(_FOLDER, ""))
    return told if told != Path() and told.is_dir() else _run(config).folder


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A wrong marker fails the test also if it has no world."""
    if next(item.iter_markers("polar"), None) is not None:
        _wanted(item)


def _wanted(item: pytest.Item) -> marks.Wanted:
    try:
        return marks.wanted(item.iter_markers("polar"), item.path.parent)
    except marks.MarkWrong as wrong:
        raise _failure(f"@pytest.mark.polar {wrong}") from None


def _failure(sentence: str) -> BaseException:
    """What `pytest.fail` raises: a test or a fixture fails with a sentence, without a traceback."""
    return pytest.fail.Exception(sentence, pytrace=False)


@pytest.fixture(scope="session")
def polar_mock(pytestconfig: pytest.Config) -> Server:
    """The mock server of this run: `url`, and `control` for calls of the control API."""
    from pytest_polar.server import MockDidNotStart, server_of

    try:
        return server_of(_folder(pytestconfig))
    except MockDidNotStart as error:
        raise _failure(f"the mock did not start: {error}") from None


@pytest.fixture
def polar_world(polar_mock: Server, request: pytest.FixtureRequest) -> Iterator[World]:
    """A world of this test alone: `ids`, `tokens`, `clock`, `orders`, `faults`, `journal`, `settle()`, ... The marker says which."""
    from pytest_polar.control import ControlRefused
    from pytest_polar.world import create_world

    wanted = _wanted(request.node)
    document = dict(wanted.document)
    if _RECEIVER in request.fixturenames:
        from pytest_polar.webhooks import with_endpoint

        document = with_endpoint(document, request.getfixturevalue("_polar_receiver").url)
    with ExitStack() as ends:
        try:
            world = create_world(polar_mock.control, polar_mock.url, document)
            ends.callback(_remove, world)
            if wanted.clock is not None:
                world.call("PATCH", "/clock", wanted.clock)
            for fault in wanted.faults:
                world.call("POST", "/faults", fault)
        except (ControlRefused, OSError, TypeError) as error:
            raise _failure(f"this test's world can't be made: {error}") from None
        request.node.stash[_WORLD] = world
        yield world


def _remove(world: World) -> None:
    """The test may have removed it itself, and a server that is gone has no worlds."""
    from pytest_polar.control import ControlRefused

    with suppress(ControlRefused, OSError):
        world.call("DELETE")


@pytest.fixture
def polar_client(polar_world: World) -> Client:
    """A small client of the API, with the world's tokens: `get`, `post`, `patch`, `delete`."""
    from pytest_polar.client import Client

    return Client(polar_world.url, polar_world.tokens)


@pytest.fixture
def _polar_receiver() -> Iterator[Webhooks]:
    """The receiver before there is a world that sends to it."""
    from pytest_polar.webhooks import receiver

    with receiver() as webhooks:
        yield webhooks


@pytest.fixture
def polar_webhooks(polar_world: World, _polar_receiver: Webhooks) -> Iterator[Webhooks]:
    """Receives this world's webhooks and checks their signatures: `wait_for(type, order=..., timeout=...)`."""
    from pytest_polar.webhooks import NAME

    if NAME not in polar_world.webhook_secrets:
        raise _failure("name polar_webhooks as an argument of the test: its world was made without it")
    _polar_receiver.secret = polar_world.webhook_secrets[NAME]
    _polar_receiver.ids = polar_world.ids
    _polar_receiver.run_due = polar_world.run_due
    yield _polar_receiver
    if not _polar_receiver.has_reported:
        _polar_receiver.require_right_signatures()


@pytest.fixture
def polar_contract_check(polar_world: World, request: pytest.FixtureRequest, tmp_path: Path) -> ContractCheck:
    """Checks what the test's client sent and got by the rules of the contract tests: after the test, and whenever it is called."""
    from pytest_polar.contract_check import ContractCheck

    check = ContractCheck(polar_world, tmp_path)
    request.node.stash[_CHECK] = check
    return check


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """A test that passed fails if the rules of the contract tests find something."""
    result = yield
    check = item.stash.get(_CHECK, None)
    if check is not None:
        check()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    report = yield
    world = item.stash.get(_WORLD, None)
    if world is not None and report.when == "call" and report.failed:
        from pytest_polar.evidence import sections

        report.sections += sections(world)
    return report
