"""The faults of a world are a value: what keeps one keeps its rules and counters."""

from __future__ import annotations

from itertools import repeat

import pytest

from mock_server.domain.faults import CallFault, Effect, EventFault, Strikes, WebhookFault
from mock_server.store.errors import FaultUnknown
from mock_server.store.faults import Counts, FaultState

ANY = CallFault(Strikes(first=2), Effect.BEFORE)
LIST = CallFault(Strikes(), Effect.BEFORE, operation="orders:list")
LOST = EventFault(Strikes(), WebhookFault.LOST)


def state_of(*faults: CallFault | EventFault) -> FaultState:
    return FaultState().with_rules(zip(faults, repeat({})), set_name=None)


class GivenRulesOfCalls:
    def test_when_an_operation_is_called_then_its_own_rules_and_those_of_all_are_asked_in_their_order(self) -> None:
        state = state_of(ANY, LIST, LOST)

        assert [rule.id for rule, _ in state.of_operation("orders:list")] == ["fault-1", "fault-2"]
        assert [rule.id for rule, _ in state.of_operation("orders:get")] == ["fault-1"]

    def test_when_a_rule_does_not_strike_then_the_next_one_is_asked(self) -> None:
        state = state_of(ANY, LIST)

        after, strike = state.counted(state.rules)

        assert strike is not None
        assert strike.rule.id == "fault-2"
        assert after.counts == {"fault-1": Counts(1, 0), "fault-2": Counts(1, 1)}

    def test_when_a_rule_strikes_then_later_ones_do_not_see_the_call(self) -> None:
        state = state_of(LIST, ANY)

        after, _ = state.counted(state.rules)

        assert after.counts["fault-2"] == Counts(0, 0)

    def test_when_calls_are_counted_then_a_value_that_was_kept_stays(self) -> None:
        kept = state_of(ANY)

        counted, _ = kept.counted(kept.rules)
        again, strike = counted.counted(kept.rules)

        assert kept.counts["fault-1"] == Counts(0, 0)
        assert again.counts["fault-1"] == Counts(2, 1)
        assert strike is not None

    def test_when_a_rule_is_removed_between_the_look_and_the_count_then_it_does_not_strike(self) -> None:
        state = state_of(LIST)

        after, strike = state.without("fault-1").counted(state.rules)

        assert strike is None
        assert after.counts == {}


class GivenNoRules:
    def test_then_there_is_nothing_to_look_through(self) -> None:
        assert not FaultState().calls
        assert not state_of(LOST).calls
        assert not state_of(LIST).without("fault-1").calls
        assert FaultState().of_operation("orders:list") == ()

    def test_when_rules_were_removed_then_their_names_are_not_used_again(self) -> None:
        state = state_of(LIST, ANY).without("fault-2").emptied().with_rules([(ANY, {})], set_name="x")

        assert [rule.id for rule in state.rules] == ["fault-3"]
        assert state.rule("fault-3").set_name == "x"

    def test_when_one_is_asked_for_then_the_error_names_those_that_there_are(self) -> None:
        with pytest.raises(FaultUnknown, match=r"no fault 'fault-9' in this world; there are: fault-1"):
            state_of(LIST).without("fault-9")
        with pytest.raises(FaultUnknown, match="there are: none"):
            FaultState().rule("fault-1")
