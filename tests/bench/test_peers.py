"""Other mock servers: what each would serve, and what happens where they can't be had. None is installed or started here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.peer_data import PREPARE, json_server, mockoon
from bench.peers import NoPeers, install, peer_targets, read_peers
from polar_contract.json_types import JsonObject

ORDER: JsonObject = {"id": "00000000-0000-4000-8000-000000000001", "amount": 1}


def test_when_they_are_read_then_each_is_pinned_and_has_a_data_file() -> None:
    peers = read_peers()

    assert [peer.name for peer in peers] == [*PREPARE]
    assert all(peer.package.rpartition("@")[2][0].isdecimal() and "{data}" in peer.start for peer in peers)


@pytest.mark.parametrize("name", PREPARE)
def test_when_a_peer_is_prepared_then_its_data_exist_and_every_request_has_an_answer(name: str, tmp_path: Path) -> None:
    data, requests = PREPARE[name](tmp_path, ORDER)

    assert data.is_file()
    assert {"GET order", "list of 10", "PATCH", "GET invoice"} <= requests.keys()


def test_when_a_file_is_made_then_it_has_ten_orders_under_different_ids(tmp_path: Path) -> None:
    data, _ = json_server(tmp_path, ORDER)

    assert len({order["id"] for order in json.loads(data.read_text())["orders"]}) == 10


def test_when_routes_are_made_then_their_last_answer_is_the_default_and_ids_are_unique(tmp_path: Path) -> None:
    routes = json.loads(mockoon(tmp_path, ORDER)[0].read_text())["routes"]

    assert [[answer["default"] for answer in route["responses"]][-1] for route in routes] == [True] * 5
    assert len({route["uuid"] for route in routes}) == 5


def test_when_node_is_missing_then_the_message_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoPeers, match="need node and npm"):
        install(read_peers(), tmp_path / "peers")


def test_when_npm_fails_then_its_message_is_quoted_and_nothing_counts_as_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for program in ("node", "npm"):
        (tmp_path / program).write_text("#!/bin/sh\necho 'npm error offline' >&2\nexit 1\n")
        (tmp_path / program).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    for _ in range(2):
        with pytest.raises(NoPeers, match="offline"):
            install(read_peers(), tmp_path / "peers")


def test_when_none_is_wanted_then_nothing_is_installed() -> None:
    with peer_targets((), b"{}") as targets:
        assert targets == []
