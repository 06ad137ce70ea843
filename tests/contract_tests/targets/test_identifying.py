"""Which revision a target keeps: the right one for the mock of each revision, good and with planted defects."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from contract_tests.config.permissions import Limits
from contract_tests.config.service import Service
from contract_tests.config.settings import Settings
from contract_tests.runner.identifying import begin
from contract_tests.targets.control_api import Control
from mock_server.testing import running_mock
from mutants.proxy import Answer, Forward, Layer, Request, proxy
from polar_contract.json_types import as_list, as_object
from tests.contract_tests.version_defects import (
    DEFECTS,
    DEFECTS_WITHOUT_VERSIONS,
    REMOVED_TOO_EARLY,
    TOO_EARLY,
    VERSION,
)

BEFORE_VERSIONS, DATED = "0.1.0", ("2026-04", "2026-10", "2027-01")
MOST_REQUESTS = 7


def unchanged(request: Request, forward: Forward) -> Answer:
    return forward(request)


CASES = [
    *((revision, "good", unchanged) for revision in (BEFORE_VERSIONS, *DATED)),
    *((revision, name, layer) for revision in DATED for name, (layer, _) in DEFECTS.items()),
    *((revision, "removed too early", REMOVED_TOO_EARLY) for revision in DATED if revision != TOO_EARLY),
    *((BEFORE_VERSIONS, name, layer) for name, layer in DEFECTS_WITHOUT_VERSIONS.items()),
]


@pytest.fixture(scope="module")
def mocks() -> Iterator[dict[str, tuple[str, str]]]:
    """The address of a mock of each revision, with its organization's token."""
    with ExitStack() as cleanup:
        urls = {one: cleanup.enter_context(running_mock(revision=one)).base_url for one in (BEFORE_VERSIONS, *DATED)}
        yield {one: (url, token_of(url)) for one, url in urls.items()}


def token_of(url: str) -> str:
    control = Control(url, lambda secret, name: None, 10.0)
    world = as_list(as_object(control.call("GET", "/_mock/worlds"))["items"])[0]
    return control.token_of(str(as_object(world)["id"]), "organization")


@contextmanager
def found(mock: tuple[str, str], layer: Layer = unchanged, **changes: object) -> Iterator[Service]:
    """What a run finds out about a mock behind a layer, treated as a live account."""
    url, token = mock
    with proxy(url, layer) as target:
        usual = Settings(base_url=target.base_url, tokens={"organization": token}, as_live=True, limits=Limits(60_000))
        settings = replace(usual, **changes)  # type: ignore[arg-type]
        beginning = begin(settings)
        assert beginning.settings.service is not None, beginning.problem
        assert len(target.seen) == beginning.settings.service.requests <= MOST_REQUESTS
        assert all(request.method == "GET" for request in target.seen)
        yield beginning.settings.service


class GivenATargetThatIsNotOurMock:
    @pytest.mark.parametrize(
        ("revision", "defect", "layer"), CASES, ids=lambda one: one if isinstance(one, str) else ""
    )
    def test_when_it_is_asked_then_the_revision_is_the_one_that_it_keeps(
        self, mocks: dict[str, tuple[str, str]], revision: str, defect: str, layer: Layer
    ) -> None:
        with found(mocks[revision], layer) as service:
            assert service.keeps == revision, f"{defect}: {service.sentence}"

    @pytest.mark.parametrize(
        "name", ["no answer names its version", "the choice of a version is ignored", "errors name no version"]
    )
    def test_when_its_answers_contradict_each_other_then_that_is_told(
        self, mocks: dict[str, tuple[str, str]], name: str
    ) -> None:
        with found(mocks["2026-10"], DEFECTS[name][0]) as service:
            assert "This contradicts it: " in service.sentence

    def test_when_its_current_version_is_not_known_here_then_it_is_judged_by_the_newest_that_it_serves(
        self, mocks: dict[str, tuple[str, str]]
    ) -> None:
        def newer(request: Request, forward: Forward) -> Answer:
            answer = forward(request)
            named = request.headers.get(VERSION)
            return answer if named else answer.but(headers={**answer.headers, VERSION: "2027-04"})

        with found(mocks["2027-01"], newer) as service:
            assert service.keeps == "2027-01"
            assert service.headers == (("Polar-Version", "2027-01"),)
            assert "2027-04" in service.sentence
            assert "docs/adding-a-revision.md" in service.sentence

    def test_when_a_version_is_asked_for_that_it_serves_then_every_request_chooses_it(
        self, mocks: dict[str, tuple[str, str]]
    ) -> None:
        with found(mocks["2026-10"], revision="2026-04", asks_revision=True) as service:
            assert service.headers == (("Polar-Version", "2026-04"),)
            assert not service.is_another

    @pytest.mark.parametrize(
        ("day", "is_told"), [(date(2026, 12, 31), False), (date(2027, 1, 1), True), (date(2027, 3, 1), True)]
    )
    def test_when_a_version_is_refused_then_the_calendar_explains_it_from_the_day_of_its_removal(
        self, mocks: dict[str, tuple[str, str]], day: date, is_told: bool
    ) -> None:
        with found(mocks["2026-10"], REMOVED_TOO_EARLY, day=day) as service:
            sentence = "2026-04 was removed in the first week of January 2027 by Polar's calendar"
            assert (sentence in service.sentence) is is_told
            assert ("This contradicts it: it refuses 2026-04" in service.sentence) is not is_told


class GivenOurMock:
    @pytest.mark.parametrize("own", ["0.1.0", "2026-10"])
    def test_when_no_revision_is_asked_for_then_the_run_takes_the_mocks_own_after_one_request(
        self, mocks: dict[str, tuple[str, str]], tmp_path: Path, own: str
    ) -> None:
        with proxy(mocks[own][0], unchanged) as target:
            settings = Settings(base_url=target.base_url, reports=tmp_path)

            assert begin(settings).settings == replace(settings, revision=own)
            assert [request.path for request in target.seen] == ["/_mock/health"]

    def test_when_another_revision_is_asked_for_then_the_run_does_not_begin(
        self, mocks: dict[str, tuple[str, str]], tmp_path: Path
    ) -> None:
        asked = Settings(base_url=mocks["2026-10"][0], reports=tmp_path, revision="2026-04", asks_revision=True)

        problem = begin(asked).problem

        assert "by revision 2026-10, and 2026-04 was asked for; start it with --revision 2026-04" in problem
        assert begin(replace(asked, revision="2026-10")).problem == ""
