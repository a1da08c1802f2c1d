from __future__ import annotations

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask.cli import ScriptInfo
from hypothesis import given
from hypothesis import strategies as st

from app.core import access, actor, crypto, revealing
from app.core.access import ALL, Access, Reach
from app.core.db import session
from app.core.errors import Forbidden, NotFound, Refusal
from app.engines.audit.models import AuditEntry
from app.engines.notifications.ways import MessageChannel
from app.engines.people.models import Employee
from app.engines.privacy import cli, rotation
from app.engines.privacy.calc import is_reason
from app.engines.privacy.models import AccessLog
from app.engines.privacy.operations import log_export, reveal
from tests.small import account, add, counted

WHY = "客户回访核对电话"
STORED = sa.text("SELECT mobile FROM employee ORDER BY number")


@pytest.fixture
def auditor(employee, monkeypatch):
    """Somebody who may unmask employees, and acts."""
    return acts(monkeypatch, "reveal", "read")


def acts(monkeypatch, *actions: str) -> int:
    key = account("li.na")
    grants = {("employee", action): frozenset({Reach(ALL)}) for action in actions}
    monkeypatch.setattr(access, "_load", lambda user: Access(user_id=user, grants=grants if user == key else {}))
    return key


def log() -> list[tuple]:
    shown = (AccessLog.account_id, AccessLog.act, AccessLog.of_register, AccessLog.record_id, AccessLog.field)
    return [tuple(row) for row in session.execute(sa.select(*shown, AccessLog.rows, AccessLog.reason))]


# -- unmasking -------------------------------------------------------------------------------------------------------


def test_a_value_is_unmasked_for_a_reason_that_is_kept(employee, auditor):
    with actor.acting_as(auditor):
        assert revealing.reveal(employee, "mobile", f" {WHY} ") == "13812345678"
    assert log() == [(auditor, "reveal", "employee", employee.id, "mobile", 1, WHY)]


def test_an_empty_value_is_empty_and_still_logged(employee, auditor):
    employee.mobile = None
    with actor.acting_as(auditor):
        assert reveal(employee, "mobile", WHY) == ""
    assert len(log()) == 1


@pytest.mark.parametrize("reason", ["", "   ", "核实", "....", "aaaaaaa", "!?!?!?!?"])
def test_nothing_is_unmasked_without_a_reason(employee, auditor, reason):
    with actor.acting_as(auditor), pytest.raises(Refusal) as refused:
        reveal(employee, "mobile", reason)
    assert refused.value.problems[0].field == "reason"
    assert log() == []


def test_reading_is_not_unmasking(employee, monkeypatch):
    with actor.acting_as(acts(monkeypatch, "read")), pytest.raises(Forbidden):
        reveal(employee, "mobile", WHY)
    assert log() == []


def test_a_row_out_of_reach_is_not_found(employee, auditor, monkeypatch):
    monkeypatch.setattr(access, "may", lambda record, action: not (record is employee and action == "reveal"))
    with actor.acting_as(auditor), pytest.raises(NotFound):
        reveal(employee, "mobile", WHY)


@pytest.mark.parametrize("field", ["name", "mobile_index", "password", ""])
def test_only_personal_fields_are_unmasked(employee, auditor, field):
    with actor.acting_as(auditor), pytest.raises(NotFound):
        reveal(employee, field, WHY)
    assert log() == []


@given(st.text(max_size=3))
def test_three_characters_are_no_reason(text):
    assert not is_reason(text)


# -- exports ---------------------------------------------------------------------------------------------------------


def test_an_export_leaves_one_line_whatever_its_size(app):
    with counted() as sent:
        log_export("employee", 50_000, reason=WHY, facts={"columns": ["name", "mobile"], "q": "张"})
    assert len(sent) == 1
    assert log() == [(None, "export", "employee", None, None, 50_000, WHY)]
    assert session.scalar(sa.select(AccessLog.facts)) == {"columns": ["name", "mobile"], "q": "张"}


def test_only_personal_data_needs_a_reason_to_leave(app):
    log_export("org_unit", 3, reason="", facts={})
    with pytest.raises(Refusal):
        log_export("employee", 3, reason="", facts={})


# -- another key -----------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def only_employees(monkeypatch):
    """The small application has no tables of the registers that other tests may have loaded."""
    monkeypatch.setattr(rotation, "registers", lambda: {"employee": Employee.register})


def renew(app) -> None:
    """Make another data key the active one."""
    app.config["KEZHI_DATA_KEYS"] = {**app.config["KEZHI_DATA_KEYS"], "k_2": b"2" * 32}
    app.config["KEZHI_ACTIVE_KEY"] = "k_2"
    app.extensions.pop("kezhi_keys", None)


def test_values_move_to_the_new_key_and_rows_stay_as_they_are(app, employee, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 2)
    for number in ("E2", "E3", "E4"):
        add(Employee(number=number, name=number, unit_id=employee.unit_id, mobile=None if number == "E3" else number))
    shown = (Employee.number, Employee.changed_at, Employee.row_version, Employee.mobile_index)
    stamps = sa.select(*shown).order_by(Employee.number)
    before, trail = session.execute(stamps).all(), session.query(AuditEntry).count()
    renew(app)
    ran = CliRunner().invoke(cli.commands, ["reencrypt"], obj=ScriptInfo(create_app=lambda: app))
    assert ran.output == "3 values were written under the active key\n"
    stored = session.execute(STORED).scalars().all()
    assert [value and value.startswith("k_2:") for value in stored] == [True, True, None, True]
    session.expire_all()
    mobiles = session.scalars(sa.select(Employee.mobile).order_by(Employee.number)).all()
    assert mobiles == ["13812345678", "E2", None, "E4"]
    assert session.execute(stamps).all() == before
    assert session.query(AuditEntry).count() == trail


def test_once_all_is_moved_the_old_key_can_go(app, employee):
    renew(app)
    assert rotation.reencrypt() == 1
    assert rotation.reencrypt() == 0
    session.commit()
    del app.config["KEZHI_DATA_KEYS"]["test"]
    app.extensions.pop("kezhi_keys")
    assert session.scalar(sa.select(Employee.mobile)) == "13812345678"


def test_without_the_old_key_the_values_are_lost_loudly(app, employee):
    renew(app)
    app.config["KEZHI_DATA_KEYS"] = {"k_2": b"2" * 32}
    with pytest.raises(crypto.UnknownKey, match=r"employee\.mobile.*'test'"):
        session.scalar(sa.select(Employee.mobile))


def test_what_channels_keep_secret_moves_along(app, monkeypatch):
    monkeypatch.setattr(rotation, "registers", lambda: {"message_channel": MessageChannel.register})
    add(MessageChannel(name="群", sort="wecom", hook="https://robots.example/?key=1", secret="geheim"))
    renew(app)
    assert rotation.reencrypt() == 2
    assert rotation.reencrypt() == 0
    kept = session.execute(sa.text("SELECT hook, secret FROM message_channel")).one()
    assert all(value.startswith("k_2:") for value in kept)
    session.expire_all()
    assert session.scalars(sa.select(MessageChannel.secret)).one() == "geheim"
