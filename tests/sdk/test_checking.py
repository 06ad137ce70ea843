"""The base of the Python client programs: a check prints one line, and passes only for the expected result."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sdk.clients import checking
from sdk.clients.checking import Delivery, Refusal, Skipped, World, expect, expect_events, raised, run_checks


class Refused(Exception):
    def __init__(self, status_code: int = 422, body: str = '{"error":"NotPaidOrder"}') -> None:
        super().__init__(body)
        self.status_code, self.body = status_code, body
        self.data = body


class RefusedOtherwise(Refused):
    pass


def raising(error: Exception) -> Callable[[], object]:
    def call() -> object:
        raise error

    return call


def test_each_check_prints_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    def skips(fixtures: int) -> None:
        raise Skipped("the release has none")

    checks = {"fine": lambda fixtures: None, "wrong": lambda fixtures: expect(fixtures, 2), "missing": skips}
    run_checks({**checks, "not promised here": skips}, 1, tuple(checks))

    assert (
        capsys.readouterr().out
        == "ok\tfine\t\nfailed\twrong\tAssertionError: 1 instead of 2\nskipped\tmissing\tthe release has none\n"
    )


class GivenARefusal:
    refusal: Refusal[Callable[[], object]] = Refusal(lambda call: call(), "Refused", 422, "NotPaidOrder", "str")

    def test_when_the_call_is_refused_so_then_it_passes(self) -> None:
        self.refusal(raising(Refused()))

    @pytest.mark.parametrize(
        "call",
        [lambda: None, raising(Refused(status_code=404)), raising(Refused(body="{}"))],
        ids=["answered", "another status", "other words"],
    )
    def test_when_it_is_not_then_it_fails(self, call: Callable[[], object]) -> None:
        with pytest.raises(AssertionError):
            self.refusal(call)

    def test_when_the_error_is_a_kind_of_it_then_it_is_not_taken_for_it(self) -> None:
        with pytest.raises(RefusedOtherwise):
            raised("Refused", raising(RefusedOtherwise()))

    def test_when_its_data_is_of_another_type_then_it_fails(self) -> None:
        refusal: Refusal[Callable[[], object]] = Refusal(lambda call: call(), "Refused", 422, "NotPaidOrder", "int")

        with pytest.raises(AssertionError):
            refusal(raising(Refused()))


def test_a_class_of_error_may_have_another_name_in_another_release() -> None:
    assert raised("NotPaid | Refused", raising(Refused())).status_code == 422


def test_a_failure_tells_what_caused_it(capsys: pytest.CaptureFixture[str]) -> None:
    def fails(fixtures: None) -> None:
        try:
            raise ExceptionGroup("two", [ValueError("first"), TypeError("last")])
        except ExceptionGroup as group:
            raise Refused(body="unreadable") from group

    run_checks({"one": fails}, None, ["one"])

    assert capsys.readouterr().out.endswith(
        "Refused: unreadable; ExceptionGroup: two (2 sub-exceptions); TypeError: last\n"
    )


LIFE = [("order.created", "1"), ("order.updated", "1"), ("order.paid", "1"), ("order.refunded", "1")]


@pytest.mark.parametrize("verified", [LIFE[1:], [*LIFE, ("order.paid", "2")], []])
def test_events_are_an_orders_whole_life_and_nothing_else(verified: list[tuple[str, str]]) -> None:
    shop = World(ids={"order:sold": "1"}, tokens={}, webhook_secrets={})
    given = checking.Given("http://127.0.0.1:1", None, (), shop, shop, None, {"app": (Delivery({}, ""),)})

    expect_events(LIFE, given)
    with pytest.raises(AssertionError):
        expect_events(verified, given)
