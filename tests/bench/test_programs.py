"""Tests of the comparison with Schemathesis: answers are counted by operation and status, complaints by their rule."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.comparing import SAMPLE
from bench.programs import Verdict, reach_of, run_contract_tests, run_schemathesis
from mock_server.testing import RunningMock, running_mock
from mutants.defects import defects, planted
from mutants.proxy import proxy
from polar_contract import Contract, load_contract
from polar_contract.operations import Operations


@pytest.fixture(scope="module")
def mock() -> Iterator[RunningMock]:
    with running_mock(revision="0.1.0") as mock:
        yield mock


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract("0.1.0")


@pytest.fixture(scope="module")
def operations(contract: Contract) -> Operations:
    return Operations(contract.published, contract.effective)


def test_when_answers_were_seen_then_the_last_new_documented_one_counts(operations: Operations) -> None:
    seen = [
        (0.0, ("orders:list", 200)),
        (1.0, ("orders:list", 418)),
        (2.0, ("orders:list", 401)),
        (3.0, ("orders:list", 200)),
    ]
    reach = reach_of(Verdict(0, seen, frozenset()), operations)
    assert (reach.seen, reach.requests, reach.seconds) == (2, 3, 2.0)
    assert reach.documented == sum(len(operation.statuses) for operation in operations)


def test_when_the_contract_tests_run_then_answers_and_complaints_are_reported(
    mock: RunningMock, operations: Operations, tmp_path: Path
) -> None:
    few = ("--only", "core", "--max-requests", "60")
    good = run_contract_tests(mock.base_url, tmp_path / "good", operations, *few)
    assert (good.exit_code, good.complaints) == (0, frozenset())
    assert reach_of(good, operations).seen > 10
    with proxy(mock.base_url, planted("list: the first is missing")) as faulty:
        bad = run_contract_tests(faulty.base_url, tmp_path / "bad", operations, *few, "--fail-fast")
    assert bad.exit_code == 1
    assert {operation for operation, _ in bad.complaints} == {"customer_portal:orders:list"}


def test_when_schemathesis_runs_then_answers_and_complaints_are_reported(
    mock: RunningMock, contract: Contract, operations: Operations, tmp_path: Path
) -> None:
    only = ("--max-examples", "1", "--include-path", "/v1/customer-portal/orders/", "--phases", "coverage")
    with proxy(mock.base_url, planted("body: max_page is called pages")) as faulty:
        verdict = run_schemathesis(faulty.base_url, tmp_path, contract, operations, *only)
    assert verdict.exit_code == 1
    assert reach_of(verdict, operations).seen >= 3
    assert "GET /v1/customer-portal/orders/" in {operation for operation, _ in verdict.complaints}


def test_every_defect_of_the_sample_is_known() -> None:
    assert set(SAMPLE) <= set(defects("0.1.0"))
