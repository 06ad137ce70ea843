"""Tables never change: a reader sees the same rows for ever, whatever tables are derived meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.store.table import Table
from mock_server.store.tables import Tables
from tests.mock_server.factories import an_order
from tests.mock_server.store.test_state import a_world

KEYS = st.sampled_from([f"k{number}" for number in range(200)])
CHANGES = st.lists(st.tuples(st.integers(0, 50), st.dictionaries(KEYS, st.integers(), max_size=150)), max_size=12)


def numbered(count: int) -> Table[int]:
    return Table({f"k{number}": number for number in range(count)})


@given(CHANGES)
def test_every_table_ever_made_goes_on_showing_what_a_dictionary_would(
    changes: list[tuple[int, dict[str, int]]],
) -> None:
    versions: list[tuple[Table[int], dict[str, int]]] = [(Table(), {})]
    for based_on, rows in changes:
        table, model = versions[based_on % len(versions)]
        versions.append((table.having(rows), model | rows))

    for table, model in versions:
        assert list(table.items()) == list(model.items())
        assert list(table.values()) == list(model.values())
        assert len(table) == len(table.values()) == len(model)
        assert all((key in table) is (key in model) for key in ("k0", "k64", "k199", "no such key"))


class GivenATable:
    @pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 128, 3000])
    def test_when_rows_are_added_while_it_is_read_then_the_reader_sees_all_of_it_and_nothing_else(
        self, count: int
    ) -> None:
        table = numbered(count)
        rows, keys = iter(table.values()), iter(table)
        seen = [next(rows, -1)]

        longer = table.having({f"new{number}": -2 for number in range(200)}).having({"k0": -3})

        assert [*seen, *rows] == (list(range(count)) or [-1])
        assert list(keys) == [f"k{number}" for number in range(count)]
        assert len(longer) == max(count, 1) + 200
        assert "new0" not in table
        with pytest.raises(KeyError):
            table["new0"]

    def test_when_one_row_of_many_is_replaced_then_all_other_chunks_are_shared(self) -> None:
        table = numbered(10_000)

        changed = table.having({"k5000": 0})

        shared = sum(before is after for before, after in zip(table._chunks, changed._chunks, strict=True))
        assert shared == len(table._chunks) - 1
        assert changed._places is table._places


class GivenTheTablesOfAWorld:
    def test_when_another_thread_changes_the_world_then_a_reader_goes_on_in_what_it_began_to_read(self) -> None:
        world = a_world()
        (customer, *_) = world.tables.customers.values()
        tables = world.tables
        orders = iter(tables.orders.values())
        next(orders)

        with world.changing() as transaction:
            transaction.put(an_order(id="a"), replace(customer, name="Somebody Else"))
            transaction.name("order:a", "a")

        assert len(list(orders)) == len(tables.orders) - 1
        assert tables.customers[customer.id] is customer
        assert ("a" in tables.orders, "order:a" in tables.names) == (False, False)
        assert world.tables.customers[customer.id].name == "Somebody Else"
        assert world.ids["order:a"] == "a"

    def test_then_nothing_in_them_can_be_assigned_to(self) -> None:
        tables: Tables = a_world().tables

        with pytest.raises(AttributeError):
            tables.orders = Table()  # type: ignore[misc]
        with pytest.raises(TypeError):
            tables.orders["a"] = an_order()  # type: ignore[index]
