"""What a transaction asked once is not asked again, and never stale after what it wrote itself."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.core.remembering import while_reading, within_transaction
from app.engines.audit import operations as audit
from app.engines.numbering.models import NumberSequence
from app.engines.people.models import OrgUnit
from tests.small import add, counted


@within_transaction(OrgUnit)
def name_of(unit_id):
    """The name of a unit."""
    return session.scalar(sa.select(OrgUnit.name).where(OrgUnit.id == unit_id))


def test_a_second_question_sends_nothing(unit):
    with counted() as sent:
        assert [name_of(unit.id), name_of(unit.id)] == ["品保部", "品保部"]
    assert sum("org_unit" in statement for statement in sent) == 2  # the expired row itself, and the question


def test_each_answer_has_its_own_arguments(unit):
    other = add(OrgUnit(code="RD", name="研发部", kind="department"))
    assert (name_of(unit.id), name_of(other.id)) == ("品保部", "研发部")


@pytest.mark.parametrize("ending", ["flush", "pending", "bulk", "commit", "rollback", "savepoint"])
def test_what_is_written_is_seen(unit, ending):
    key, expected = unit.id, "质量部"
    assert name_of(key) == "品保部"
    if ending == "bulk":
        with audit.bulk_change("a test"):
            session.execute(sa.update(OrgUnit).where(OrgUnit.id == key).values(name=expected))
    elif ending == "savepoint":
        expected = "品保部"
        with session.begin_nested() as point:
            unit.name = "质量部"
            assert name_of(key) == "质量部"
            point.rollback()
    else:
        unit.name = expected
    if ending == "flush":
        session.flush()
    if ending == "commit":
        session.commit()
    if ending == "rollback":
        assert name_of(key) == "质量部"
        session.rollback()
        expected = "品保部"
    assert name_of(key) == expected


def test_other_tables_change_nothing(unit):
    key = unit.id
    name_of(key)
    session.add(NumberSequence(scope="x", period="2025", n=1))
    session.flush()
    with counted() as sent:
        assert name_of(key) == "品保部"
    assert sent == []


def test_a_failed_question_is_asked_again(unit):
    asked = []

    @within_transaction(OrgUnit)
    def fails():
        asked.append(1)
        raise LookupError

    for _time in range(2):
        with pytest.raises(LookupError):
            fails()
    assert len(asked) == 2


@while_reading
def shown(unit_id):
    """The name of a unit, as a page shows it."""
    return session.scalar(sa.select(OrgUnit.name).where(OrgUnit.id == unit_id))


def test_a_page_asks_once_and_the_next_page_anew(app, unit):
    key = unit.id
    with app.test_request_context("/"), counted() as sent:
        assert [shown(key), shown(key)] == ["品保部", "品保部"]
    assert sum("FROM org_unit" in statement for statement in sent) == 1
    unit.name = "质量部"
    session.commit()
    with app.test_request_context("/"):
        assert shown(key) == "质量部"


def test_whoever_writes_asks_each_time(app, unit):
    key = unit.id
    with app.test_request_context("/", method="POST"), counted() as sent:
        assert [shown(key), shown(key)] == ["品保部", "品保部"]
    assert sum("FROM org_unit" in statement for statement in sent) == 2
