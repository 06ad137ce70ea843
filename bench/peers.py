"""Other mock servers: installed from npm into a folder of the checkout, each started with a data file of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from bench.load import Request
from bench.peer_data import PREPARE
from bench.processes import Server, running, wait_until_listening
from bench.targets import Target
from polar_contract.json_types import JsonObject, as_object

_DATA = Path(__file__).parent / "data" / "peers.yaml"
FOLDER = Path(".bench-peers")
_STAMP = "installed"
_INSTALL_SECONDS = 300.0


class NoPeers(Exception):
    """They can't be installed; the message has the reason and what to do."""


@dataclass(frozen=True, slots=True)
class Peer:
    name: str
    package: str
    start: tuple[str, ...]
    """The program's file in `node_modules`, and its arguments before the port."""

    @contextmanager
    def started(self, installed: Path, order: JsonObject) -> Iterator[tuple[Server, dict[str, Request]]]:
        """Just spawned, with the requests that it can answer."""
        with TemporaryDirectory() as folder:
            data, requests = PREPARE[self.name](Path(folder), order)
            program, *arguments = (part.replace("{data}", str(data)) for part in self.start)
            with running(self.name, ["node", str(installed / "node_modules" / program), *arguments]) as server:
                yield server, requests


def read_peers() -> tuple[Peer, ...]:
    rows = yaml.safe_load(_DATA.read_text("utf-8"))
    return tuple(Peer(row["name"], row["package"], tuple(row["start"])) for row in rows)


def install(peers: Sequence[Peer], folder: Path = FOLDER) -> Path:
    """The folder with all of them, installed unless they are there already. Errors: NoPeers."""
    pins = [peer.package for peer in peers]
    stamp = folder / _STAMP
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise NoPeers("other mock servers need node and npm, which are not installed")
    if stamp.is_file() and stamp.read_text("utf-8") == "\n".join(pins):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
    try:
        done = subprocess.run(
            ["npm", "install", "--prefix", ".", *quiet, *pins],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=_INSTALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NoPeers(f"npm did not install {', '.join(pins)} in {_INSTALL_SECONDS:.0f} seconds") from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        raise NoPeers(f"npm can't install {', '.join(pins)} ({said[0]}); is its registry within reach?")
    stamp.write_text("\n".join(pins), "utf-8")
    return folder


@contextmanager
def peer_targets(peers: Sequence[Peer], order: bytes) -> Iterator[list[Target]]:
    """All of them, each serving this order as far as it can; none without peers. Errors: NoPeers, ServerFailed."""
    with ExitStack() as servers:
        targets = []
        if peers:
            installed = install(peers)
            for peer in peers:
                server, requests = servers.enter_context(peer.started(installed, as_object(json.loads(order))))
                wait_until_listening(server)
                targets.append(Target(server, requests))
        yield targets
