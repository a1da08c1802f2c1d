"""Customers that are there twice: seen at entry, proposed, merged by another person; everything moves."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.areas.customers.names import name_key
from app.areas.visits.customer_event import CustomerEvent
from app.core import clock, saving
from app.core.db import Model, session
from app.core.register import registers
from app.engines.audit import operations as audit
from app.engines.merging import lists
from app.engines.merging import operations as merging
from app.engines.people.models import Employee, OrgUnit
from app.engines.policy.models import PackVersion
from tests.company import inside, portal
from tests.scenarios.conftest import desk, sign_in
from tests.scenarios.desk import CONTROL, MANAGER, REP, at
from tests.small import counted

__all__ = ["desk", "inside", "portal", "sign_in"]
PHONE, CODE = "13812340099", "91110000802100433B"


@pytest.fixture(autouse=True)
def _in_october():
    with at("2025-10-10 09:00"):
        yield


def customer(person, number, name, status=201, **over):
    return person.call("POST", "customer/", status, customer_no=number, name=name, **over)


def propose(person, keep, gone, status=201):
    return person.call("POST", "customer_merge/", status, keep_id=keep, gone_id=gone, why="同一家公司，两次建档")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("苏州启衡电子有限公司", "苏州启衡电子（股份）有限公司"), ("启衡 电子", "启衡电子公司"),
        ("ＡＢＣ电子", "abc电子有限责任公司"),
    ],
)  # fmt: skip
def test_names_of_companies_are_compared_without_their_form(one, other):
    assert name_key(one, "buyer") == name_key(other, "partner")


def test_names_that_differ_and_names_of_persons_are_not_the_same():
    assert name_key("苏州启衡电子有限公司", "buyer") != name_key("苏州启衡科技有限公司", "buyer")
    assert name_key("张伟", "person") is None
    assert name_key("有限公司", "buyer") == "有限公司"


def test_every_reference_to_a_customer_moves(inside):
    """Left behind are the merging itself, and days that were reckoned by the file as it was."""
    key = registers()["customer"].model.__table__.c.id
    named = {column for table in Model.metadata.tables.values() for column in table.c
             if any(reference.column is key for reference in column.foreign_keys)}  # fmt: skip
    left = named - {place.column for place in merging.places("customer")}
    itself, days = ("keep_id", "gone_id"), ("daily_credit", "credit_check")
    history = {f"customer_merge.{name}" for name in itself} | {f"{name}.customer_id" for name in days}
    assert {str(column) for column in left} == history


def test_a_list_of_guests_names_the_one_that_stays_once(inside):
    assert [str(column) for _register, column in lists.lists_of("customer")] == ["customer_event.guests"]
    unit = session.scalars(sa.select(OrgUnit.id).limit(1)).one()
    version = session.scalars(sa.select(PackVersion.id).limit(1)).one()
    party = {"unit_id": unit, "adopter_id": unit, "pack_version_id": version, "policy": "B02", "status": "open",
             "state_since": clock.now(), "kind": "symposium"}  # fmt: skip
    events = [CustomerEvent(**party, guests=guests) for guests in ([7, 12], [12, 7, 3], [112, 2], None)]
    session.add_all(events)
    session.flush()
    with audit.bulk_change("as merging does"):
        changed = lists.rename(CustomerEvent.__table__.c.guests, keep=7, gone=12)
    session.expire_all()
    assert [event.guests for event in events] == [[7], [7, 3], [112, 2], None]
    assert [event.row_version for event in events] == [2, 2, 1, 1]
    assert changed == {events[0].id: [[7, 12], [7]], events[1].id: [[12, 7, 3], [7, 3]]}


def test_what_is_typed_is_compared_and_rows_out_of_reach_are_only_counted(portal, desk):
    rep = desk.as_(REP)
    mine = customer(rep, "T-1", "天穹照明有限公司", contact_phone=PHONE)["id"]
    with portal.app_context():
        other = saving.create(registers()["customer"], {"customer_no": "T-2", "name": "别家", "contact_phone": PHONE})
        other.record.owner_id = session.scalar(sa.select(Employee.id).where(Employee.name == "宋志伟"))
        session.commit()
        hidden = other.record.id
    card = rep.client.post("/customer/preview", data={"contact_phone": "138 1234 0099", "country": "CN"}).text
    assert f"/customer/{mine}" in card
    assert f"/customer/{hidden}" not in card
    assert "别家" not in card
    assert "另有 1 位" in card
    by_name = rep.client.post("/customer/preview", data={"name": "天穹照明（中国）公司", "side": "buyer"}).text
    assert f"/customer/{mine}" not in by_name
    by_name = rep.client.post("/customer/preview", data={"name": "天穹 照明公司", "side": "buyer"}).text
    assert f"/customer/{mine}" in by_name
    page = rep.client.get(f"/customer/{mine}").text
    assert "可能是同一客户" in page
    found = rep.call("GET", f"customer/{mine}/explain")["duplicates"]
    assert found == {"found": [], "out_of_reach": 1}


def test_merging_is_decided_by_another_and_everything_moves(portal, desk):
    rep, manager = desk.as_(REP), desk.as_(MANAGER)
    keep = customer(rep, "T-1", "天穹照明有限公司", credit_code=CODE)["id"]
    gone = customer(rep, "T-2", "天穹照明公司", credit_code=CODE.lower(), contact_phone=PHONE, city="苏州")["id"]
    child = customer(rep, "T-3", "天穹子公司", group_head_id=gone)["id"]
    rep.call("PUT", f"customer/{keep}", group_head_id=gone)
    cases = [desk.open(customer_id=gone) for _number in range(3)]
    assert f"keep_id={keep}&amp;gone_id={gone}" in rep.client.get("/duplicates/").text
    made = propose(rep, keep, gone)
    assert made["evidence"] == ["credit_code", "name"]
    propose(rep, keep, gone, 422)
    propose(rep, keep, keep, 422)
    rep.call("POST", f"customer_merge/{made['id']}/move/approve", 403)
    page = manager.client.get(f"/customer_merge/{made['id']}").text
    assert "苏州" in page
    assert PHONE not in page
    done = manager.call("POST", f"customer_merge/{made['id']}/move/approve")
    assert (done["status"], done["moved"]) == ("done", 5)
    assert [rep.call("GET", f"complaint/{case}")["customer_id"] for case in cases] == [keep] * 3
    now = rep.call("GET", f"customer/{keep}")
    assert (now["group_head_id"], now["city"], now["contact_phone"]) == (None, "苏州", "138****0099")
    assert rep.call("GET", f"customer/{child}")["group_head_id"] == keep
    left = rep.call("GET", f"customer/{gone}")
    assert left["merged_into_id"] == keep
    assert made["gone_id"] == gone
    rep.call("PUT", f"customer/{gone}", 403, city="杭州")
    rep.call("DELETE", f"customer/{gone}", 403)
    assert "只供查阅" in rep.client.get(f"/customer/{gone}").text
    assert [row["id"] for row in rep.call("GET", "lookup/customer?q=天穹照明")["results"]] == [keep]
    assert "customer_id" in str(rep.call("POST", "complaint/", 422, **desk.intake(customer_id=gone))["errors"])
    propose(rep, child, gone, 422)
    with portal.app_context():
        told = [entry.sentence for entry in audit.history("complaint", cases[0])]
        assert any("天穹照明公司" in sentence for sentence in told)
        assert any("5" in entry.sentence for entry in audit.history("customer", gone))


def test_a_proposal_is_refused_with_a_reason_or_taken_back(desk):
    rep, manager = desk.as_(REP), desk.as_(MANAGER)
    ids = [customer(rep, f"T-{n}", f"天穹{n}厂")["id"] for n in range(3)]
    one, two = propose(rep, ids[0], ids[1])["id"], propose(rep, ids[0], ids[2])["id"]
    manager.call("POST", f"customer_merge/{one}/move/refuse", 422)
    manager.call("POST", f"customer_merge/{one}/move/refuse", reason="不是同一家公司")
    manager.call("POST", f"customer_merge/{two}/move/withdraw", 403)
    rep.call("POST", f"customer_merge/{two}/move/withdraw")
    assert rep.call("GET", f"customer/{ids[1]}")["merged_into_id"] is None
    desk.as_(CONTROL).call("GET", f"customer_merge/{one}", 403)


def test_merging_costs_the_same_statements_however_much_moves(inside):
    def pair(number, cases):
        keep, gone = (saving.create(registers()["customer"], {"customer_no": f"{number}-{n}", "name": f"{number}{n}"})
                      .record for n in "ab")  # fmt: skip
        log = registers()["contact_log"].model
        session.add_all(log(customer_id=gone.id, unit_id=gone.unit_id, contacted_at=gone.created_at, direction="in",
                            means="phone", outcome="reached", content="x") for _n in range(cases))  # fmt: skip
        session.commit()
        with counted() as sent:
            assert merging.merge(keep, gone).count == cases
        session.commit()
        return len(sent)

    assert pair("T", 3) == pair("U", 60)
