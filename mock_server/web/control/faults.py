"""Add faults to a world, list them with how often each struck, and remove them."""

from __future__ import annotations

from flask import Response

from mock_server.documents.fault_sets import FaultSet, list_fault_sets
from mock_server.domain.faults import CallFault
from mock_server.services.context import Services
from mock_server.services.faults import add_faults, remove_fault, remove_faults
from mock_server.store.faults import FaultRule, FaultState
from mock_server.web.control.bodies import Route, nothing_sent, sent_object, written
from polar_contract.json_types import JsonObject


def routes(services: Services) -> tuple[Route, ...]:
    def list_sets() -> Response:
        return written(200, {"items": [_set_json(found) for found in list_fault_sets()]})

    def list_all(world_id: str) -> Response:
        faults = services.worlds.get(world_id).state.faults
        return written(200, {"items": [fault_json(rule, faults) for rule in faults.rules]})

    def create(world_id: str) -> Response:
        world, body = services.worlds.get(world_id), sent_object()
        rules = add_faults(services, world, body)
        faults = world.state.faults
        if "set" in body:
            return written(201, {"items": [fault_json(rule, faults) for rule in rules]})
        return written(201, fault_json(rules[0], faults))

    def read(world_id: str, fault_id: str) -> Response:
        faults = services.worlds.get(world_id).state.faults
        return written(200, fault_json(faults.rule(fault_id), faults))

    def delete(world_id: str, fault_id: str) -> Response:
        world = services.worlds.get(world_id)
        nothing_sent()
        remove_fault(world, fault_id)
        return Response(status=204)

    def delete_all(world_id: str) -> Response:
        world = services.worlds.get(world_id)
        nothing_sent()
        remove_faults(world)
        return Response(status=204)

    return (
        ("GET", "/fault-sets", list_sets),
        ("GET", "/worlds/<world_id>/faults", list_all),
        ("POST", "/worlds/<world_id>/faults", create),
        ("DELETE", "/worlds/<world_id>/faults", delete_all),
        ("GET", "/worlds/<world_id>/faults/<fault_id>", read),
        ("DELETE", "/worlds/<world_id>/faults/<fault_id>", delete),
    )


def _set_json(found: FaultSet) -> JsonObject:
    return {"name": found.name, "sentence": found.sentence, "rules": list(found.rules)}


def fault_json(rule: FaultRule, faults: FaultState) -> JsonObject:
    """The rule as it was given, with its name and its counters."""
    counts = faults.count_of(rule.id)
    effect: JsonObject = {"effect": rule.fault.effect} if isinstance(rule.fault, CallFault) else {}
    counted: JsonObject = {"matched": counts.matched, "struck": counts.struck}
    return {"id": rule.id, "set": rule.set_name, **rule.given, **effect, **counted}
