"""How many entries a journal keeps, and which numbers they have."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mock_server.store.journal import Entry, Journal
from tests.mock_server.factories import NOW

MANY = 1_000


def an_entry(path: str = "/", **more: bytes) -> Entry:
    body, answer = more.get("body", b""), more.get("answer", b"")
    size = len(path) + len(body) + len(answer)
    return Entry(NOW, "GET", path, "", {}, body, None, None, {}, 200, (), answer, text_bytes=size)


def filled(count: int, most: int = MANY, journal: Journal | None = None) -> Journal:
    journal = journal or Journal()
    for number in range(1, count + 1):
        journal.add(an_entry(f"/{number}"), most)
    return journal


def numbers(journal: Journal, after: int = 0) -> list[int]:
    return [number for number, _ in journal.after(after)]


class GivenAJournalThatKeepsThree:
    def test_when_five_arrive_then_the_last_three_are_there_with_their_numbers(self) -> None:
        journal = filled(5, most=3)

        assert [(number, entry.path) for number, entry in journal.after(0)] == [(3, "/3"), (4, "/4"), (5, "/5")]
        assert journal.last_number == 5

    def test_when_fewer_are_wanted_later_then_the_next_one_forgets_the_others(self) -> None:
        journal = filled(5)

        journal.add(an_entry(), 1)

        assert numbers(journal) == [6]

    def test_when_it_is_cleared_then_the_numbers_go_on(self) -> None:
        journal = filled(2)

        journal.clear()
        assert numbers(journal) == []

        journal.add(an_entry(), MANY)
        assert numbers(journal) == [3]


@pytest.mark.parametrize(
    ("after", "found"),
    [(0, [3, 4, 5]), (2, [3, 4, 5]), (3, [4, 5]), (4, [5]), (5, []), (99, [])],
)
def test_when_a_reader_knows_a_number_then_it_gets_what_came_after(after: int, found: list[int]) -> None:
    assert numbers(filled(5, most=3), after) == found


@pytest.mark.parametrize("which", ["body", "answer"])
def test_when_bodies_are_large_then_fewer_entries_fit(which: str) -> None:
    journal = Journal(most_bytes=100_000)

    for _ in range(10):
        journal.add(an_entry("/", **{which: b"x" * 30_000}), MANY)

    assert numbers(journal) == [8, 9, 10]
    filled(20, journal=journal)
    assert len(numbers(journal)) > 20, "small ones fit again"


@pytest.mark.parametrize("forget", [Journal.clear, lambda journal: journal.forget_after(1)], ids=["all", "the newest"])
def test_when_entries_are_forgotten_then_their_room_is_free_again(forget: Callable[[Journal], None]) -> None:
    journal = Journal(most_bytes=100_000)
    for _ in range(20):
        filled(3, journal=journal)
        journal.add(an_entry(body=b"x" * 60_000), MANY)
        forget(journal)

    filled(30, journal=journal)

    assert len(numbers(journal)) >= 30


def test_when_one_alone_is_too_large_then_nothing_is_kept_and_the_next_one_is() -> None:
    journal = Journal(most_bytes=10_000)

    journal.add(an_entry(body=b"x" * 20_000), MANY)
    assert numbers(journal) == []

    journal.add(an_entry(), MANY)
    assert numbers(journal) == [2]
