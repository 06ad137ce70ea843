"""World seeds built from small documents, for the tests of this folder."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import strategies as st

from mock_server.documents.errors import DocumentInvalid
from mock_server.documents.identities import Identities
from mock_server.documents.parsing import parse_world_document
from mock_server.documents.schema import WorldDocument
from mock_server.documents.seeding import build_world
from mock_server.domain.cancellation import Cancellation
from mock_server.domain.clocks import WorldClock
from mock_server.domain.ids import RandomIds
from mock_server.domain.policies import VersionPolicy
from mock_server.domain.worlds import WorldSeed
from mock_server.store.state import World
from polar_contract import revisions
from polar_contract.revisions import served_beside
from tests.mock_server.factories import NOW, the_behaviour

JANE = {"email": "jane@example.com", "name": "Jane Doe", "billing_address": {"country": "US", "state": "US-NY"}}
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.just("0001-01-01T00:00:00+14:00"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
AN_ID = "ed12e160-a4cf-4c9b-9fdb-a2631871aa88"


def read(document: Any) -> WorldDocument:
    return parse_world_document(document)


def seeded(
    document: Any,
    *,
    taken: frozenset[str] = frozenset(),
    seed: int | None = 1,
    cancellation: Cancellation | None = None,
) -> WorldSeed:
    """The world of a document, as it is written or as it was read; without a `seed` its ids are others each time."""
    wanted = document if isinstance(document, WorldDocument) else read(document)
    revision = wanted.revision or "0.1.0"
    return build_world(
        wanted,
        identities=Identities(RandomIds(random.Random(seed)), taken.__contains__),
        now=NOW,
        revision=revision,
        versions=VersionPolicy(revision, served_beside(revision, revisions())),
        behaviour=the_behaviour(revision),
        cancellation=cancellation or Cancellation(),
    )


def a_world(document: Any) -> World:
    world_seed = seeded(document)
    return World("w1", world_seed, WorldClock(lambda: NOW), behaviour=the_behaviour(world_seed.revision))


def problems_of(document: Any) -> dict[str, str]:
    """The problems of a document: path to message."""
    with pytest.raises(DocumentInvalid) as refused:
        read(document)
    return {problem.path: problem.message for problem in refused.value.problems}
