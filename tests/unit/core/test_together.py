"""Parts of a page that ask together: each gets its own rows in their order, the names, and its turn."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.core import together
from app.core.together import MY_TURN, Names, Rows
from app.engines.people.models import Employee, OrgUnit
from tests.small import add, counted

PEOPLE, UNITS = Employee.__table__.c, OrgUnit.__table__.c


@pytest.fixture
def office(employee):
    """Two units, and two people of the first."""
    add(OrgUnit(code="RD", name="研发部", kind="department"))
    add(Employee(number="E2", name="李四", unit_id=employee.unit_id, mobile="13900000000"))
    return employee


def test_the_rows_of_several_queries_take_one_statement(office):
    queries = [
        sa.select(UNITS.id, UNITS.name).order_by(UNITS.code.desc()),
        sa.select(PEOPLE.name, PEOPLE.mobile, PEOPLE.created_at, PEOPLE.active).order_by(PEOPLE.id).limit(1),
        sa.select(sa.func.count().label("number")).select_from(OrgUnit),
        sa.select(PEOPLE.id).where(PEOPLE.number == "nobody"),
    ]
    apart = [[tuple(row) for row in together.rows_of([query])[0]] for query in queries]
    with counted() as sent:
        units, people, [[number]], nobody = together.rows_of(queries)
    assert len(sent) == 1
    assert [[tuple(row) for row in rows] for rows in (units, people, [[number]], nobody)] == apart
    assert [row.name for row in units] == ["研发部", "品保部"]
    assert (people[0].name, people[0].mobile, people[0].active) == ("张三丰", "13812345678", True)
    assert people[0]._mapping["created_at"].utcoffset() == dt.timedelta(0)
    assert (number, nobody) == (2, [])


def test_parts_ask_together_and_act_in_their_order(office):
    told = []

    def first(key):
        [rows] = yield Rows([sa.select(PEOPLE.name).where(PEOPLE.id == key)])
        names = yield Names([("org_unit", office.unit_id)])
        told.append(("first", rows[0].name, names["org_unit", office.unit_id]))

    def second(key):
        told.append(("second", key))

    def third(key):
        names = yield Names([("employee", key)])
        told.append(("third", names["employee", key]))

    def fourth(_key):
        units, people = yield Rows([sa.select(UNITS.id), sa.select(PEOPLE.id)])
        yield MY_TURN
        told.append(("fourth", len(units), len(people)))

    key = office.id
    with counted() as sent:
        together.hear(together.joined((first, second, third, fourth), key))
    assert len(sent) == 2
    assert told == [("first", "张三丰", "品保部"), ("second", key), ("third", "张三丰"), ("fourth", 2, 2)]


def test_parts_of_a_part_ask_with_the_others(office):
    told, key = [], office.id

    def inner():
        [rows] = yield Rows([sa.select(UNITS.id)])
        yield MY_TURN
        told.append(len(rows))

    def outer():
        yield from together.joined((inner, inner_names))
        told.append("outer")

    def inner_names():
        names = yield Names([("employee", key)])
        told.append(names["employee", key])

    def beside():
        [rows] = yield Rows([sa.select(PEOPLE.id)])
        yield MY_TURN
        told.append(len(rows))

    with counted() as sent:
        together.hear(together.joined((outer, beside)))
    assert len(sent) == 2
    assert told == [2, "张三丰", "outer", 2]


def test_who_has_nothing_to_ask_costs_nothing(app):
    def nothing():
        return
        yield MY_TURN

    with counted() as sent:
        together.hear(together.joined((nothing, nothing)))
    assert sent == []
