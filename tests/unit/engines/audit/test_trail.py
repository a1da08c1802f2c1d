"""What the trail says of changes, acts and attachments."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask_babel import force_locale
from werkzeug.datastructures import FileStorage

from app.core import actor, attachments, clock
from app.core.db import session
from app.core.lifecycle import Lifecycle, Move, State, Words
from app.core.register import register_of
from app.engines.audit import listeners
from app.engines.audit.models import AuditEntry
from app.engines.audit.operations import Note, UnauditedChange, bulk_change, history, note, note_many
from app.engines.people.models import Employee
from tests.small import account, add, counted

LATE = {"zh": "%(case)s 已逾期", "en": "%(case)s is late"}


def trail(record) -> list[tuple[str, dict]]:
    return [(entry.kind, entry.changes) for entry in history(register_of(record).slug, record.id)]


# -- rows ------------------------------------------------------------------------------------------------------------


def test_a_new_row_is_written_down_with_personal_values_masked(employee):
    ((kind, changes),) = trail(employee)
    assert kind == "create"
    assert changes == {
        "number": [None, "E1"], "name": [None, "张三丰"], "unit_id": [None, employee.unit_id],
        "mobile": [None, "138****5678"], "active": [None, True],
    }


def test_the_old_value_is_known_after_it_expired(employee):
    session.expire_all()
    employee.name = "李四"
    session.commit()
    employee.name = "王五"
    session.commit()
    assert [changes["name"] for _kind, changes in trail(employee)[1:]] == [["张三丰", "李四"], ["李四", "王五"]]


def test_a_personal_value_shows_only_its_mask(employee):
    employee.mobile = "13900005678"
    session.commit()
    assert trail(employee)[-1] == ("update", {"mobile": ["138****5678", "139****5678"]})
    raw = session.execute(sa.text("SELECT changes FROM audit_entry ORDER BY id DESC")).scalars()
    assert not any("13812345678" in str(changes) or "13900005678" in str(changes) for changes in raw)


def test_a_personal_value_that_changed_under_the_same_mask_is_written_down(employee):
    employee.mobile = "13899995678"
    session.commit()
    assert trail(employee)[-1] == ("update", {"mobile": ["138****5678", "138****5678"]})


def test_formulas_stay_text(employee):
    employee.name = "=1+1"
    session.commit()
    assert trail(employee)[-1] == ("update", {"name": ["张三丰", "=1+1"]})


def test_saving_what_was_there_leaves_no_trace(employee):
    employee.name, employee.active = "张三丰", True
    employee.changed_at = clock.now()
    session.commit()
    assert len(trail(employee)) == 1


def test_a_deleted_row_leaves_its_last_values(employee):
    key = employee.id
    session.expire_all()
    session.delete(employee)
    session.commit()
    last = history("employee", key)[-1]
    assert last.kind == "delete"
    assert last.changes["name"] == ["张三丰", None]
    assert last.changes["mobile"] == ["138****5678", None]


def test_a_rolled_back_change_leaves_no_trace(employee):
    employee.name = "李四"
    session.flush()
    session.rollback()
    assert len(trail(employee)) == 1


def test_one_statement_per_flush(unit):
    session.add_all(Employee(number=str(n), name=str(n), unit_id=unit.id) for n in range(30))
    with counted() as sent:
        session.flush()
    assert len([statement for statement in sent if "audit_entry" in statement]) == 1


def test_attachments_belong_to_the_history_of_their_row(unit):
    upload = FileStorage(io.BytesIO(b"%PDF-"), filename="合同.pdf")
    (kept,) = attachments.receive("org_unit", unit.id, "papers", [upload])
    attachments.drop("org_unit", unit.id, [kept.id])
    assert trail(unit)[1:] == [("update", {"papers": [None, "合同.pdf"]}), ("update", {"papers": ["合同.pdf", None]})]


def test_old_values_are_known_whatever_was_imported_first():
    """In a process of its own, where registers are configured before the trail is imported."""
    program = """
from sqlalchemy.orm import configure_mappers
from app.engines.people.models import Employee
configure_mappers()
from app.engines.audit import listeners
configure_mappers()
assert Employee.name.impl.dispatch._active_history, "the old value would be lost"
"""
    subprocess.run([sys.executable, "-c", program], check=True)


# -- acts ------------------------------------------------------------------------------------------------------------


def test_who_acted_when_and_in_which_act(employee):
    with actor.acting_as(account("li.na")), clock.freeze(dt.datetime(2025, 10, 31, 23, 59)):
        employee.name = "李四"
        session.flush()
        note(employee, "act", LATE, {"case": "251031"}, "（八）8")
        session.commit()
    _made, changed, told = history("employee", employee.id)
    assert changed.act == told.act
    assert changed.who == told.who == "li.na"
    assert told.at == dt.datetime(2025, 10, 31, 15, 59, tzinfo=dt.UTC)
    assert (told.kind, told.clause, told.changes) == ("act", "（八）8", {})


def test_an_employee_is_named_by_his_name(employee):
    employee.account_id = account("zhang")
    session.commit()
    with actor.acting_as(employee.account_id):
        note(employee, "act", "x")
    assert history("employee", employee.id)[-1].who == "张三丰"


def test_a_note_is_worded_for_its_reader(employee):
    note(employee, "act", LATE, {"case": "251031"})
    said = []
    for language in ("zh", "en"):
        with force_locale(language):
            said.append(history("employee", employee.id)[-1].sentence)
    assert said == ["251031 已逾期", "251031 is late"]


def test_many_notes_take_one_statement(employee):
    notes = [Note("employee", employee.id, "act", LATE, {"case": str(n)}, "三", {"n": [n, n + 1]}) for n in range(300)]
    with counted() as sent:
        note_many(notes)
    assert len(sent) == 1
    found = history("employee", employee.id)
    assert [entry.changes for entry in found[1:]] == [{"n": [n, n + 1]} for n in range(300)]
    with counted() as sent:
        note_many([])
    assert sent == []


def test_the_history_takes_one_statement_and_shows_one_row_only(employee):
    key = employee.id
    add(Employee(number="E2", name="李四", unit_id=employee.unit_id))
    with counted() as sent:
        found = history("employee", key)
    assert len(sent) == 1
    assert [entry.kind for entry in found] == ["create"]


def moved(record, **over):
    """A move of a stand-in lifecycle, as the listeners are told of it."""
    states = {key: State(key, Words(zh, key)) for key, zh in (("open", "受理"), ("done", "结案"))}
    move = Move("close", Words("结案", "Close"), ("open",), "done", clause="（十二）")
    given = {
        "record": record, "register": register_of(record), "lifecycle": Lifecycle("open", states, {}), "move": move,
        "source": "open", "target": "done", "reason": "客户同意", "post": SimpleNamespace(code="B02.qc"),
    }
    return SimpleNamespace(**(given | over))


def test_a_move_is_written_down_with_states_reason_post_and_clause(employee):
    listeners._note_move(moved(employee))
    found = history("employee", employee.id)[-1]
    assert found.sentence.replace("：", ": ") == "结案: 受理 → 结案"
    assert (found.kind, found.reason, found.post, found.clause) == ("move", "客户同意", "B02.qc", "（十二）")


def test_a_move_that_stays_names_itself_only(employee):
    listeners._note_move(moved(employee, target="open", post=None))
    assert history("employee", employee.id)[-1].sentence == "结案"


def test_the_creation_of_a_case_is_its_create_entry(employee):
    listeners._note_move(moved(employee, move=None))
    assert [entry.kind for entry in history("employee", employee.id)] == ["create"]


# -- what passes the flush by ----------------------------------------------------------------------------------------

BULK = {
    "orm update": lambda: session.execute(sa.update(Employee).values(name="x")),
    "orm delete": lambda: session.execute(sa.delete(Employee)),
    "query update": lambda: session.query(Employee).update({"name": "x"}),
    "core update": lambda: session.execute(sa.update(Employee.__table__).values(name="x")),
    "by key": lambda: session.execute(sa.update(Employee), [{"id": 1, "name": "x"}]),
}


@pytest.mark.parametrize("change", BULK.values(), ids=BULK)
def test_bulk_changes_of_audited_tables_are_refused(employee, change):
    with pytest.raises(UnauditedChange, match="employee"):
        change()
    session.expire_all()
    assert employee.name == "张三丰"


def test_a_bulk_change_with_a_reason_is_let_through(employee):
    with bulk_change("所有人改名"):
        session.execute(sa.update(Employee).values(name="x"))
    assert session.scalar(sa.select(Employee.name)) == "x"
    with pytest.raises(UnauditedChange):
        session.execute(sa.update(Employee).values(name="y"))


def test_a_bulk_change_needs_its_reason():
    with pytest.raises(ValueError, match="reason"), bulk_change(" "):
        pass


def test_tables_without_a_trail_may_be_changed_in_bulk(app):
    session.execute(sa.delete(attachments.Attachment))


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal", "access_log"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_the_past(employee, table, change):
    session.execute(AuditEntry.metadata.tables[table].insert().values(**ROWS[table]))
    session.commit()
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session.execute(sa.text(change.format(table)))


NOW = dt.datetime(2025, 10, 31, tzinfo=dt.UTC)
ROWS = {
    "audit_entry": {"register": "employee", "record_id": 1, "kind": "act"},
    "audit_seal": {
        "at": NOW, "day": NOW.date(), "first_id": 1, "last_id": 1, "absent": [], "late": False, "entries": 1,
        "previous": "0", "digest": "1",
    },
    "access_log": {"act": "reveal", "of_register": "employee", "reason": "客户回访"},
}


def test_an_account_in_the_trail_cannot_be_removed(employee):
    key = account("li.na")
    with actor.acting_as(key):
        note(employee, "act", "x")
        session.commit()
    with pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.text("DELETE FROM ab_user"))
