"""Ids and tokens for objects added to a world: the requested ones if no world uses them yet, or fresh ones."""

from __future__ import annotations

from mock_server.documents.identities import Identities
from mock_server.services.context import Services


def identities_of(services: Services) -> Identities:
    return Identities(services.ids, services.worlds.uses)
