"""Units that end on a day: what refuses it, what is not offered afterwards, what old rows keep; on both databases."""

import datetime as dt

import sqlalchemy as sa

from app.areas.complaints.complaint import Complaint
from app.core import clock, moves
from app.core.db import session
from app.core.register import registers
from app.engines.people import tree
from app.engines.people.models import Employee, OrgUnit
from app.engines.policy.open_cases import open_in
from tests.both import company
from tests.demo import demo, founded
from tests.portal import enter, find, row_id

__all__ = ["company", "demo", "founded"]


def text(answer, status=200):
    assert answer.status_code == status, answer.get_data(as_text=True)[-2000:]
    return answer.get_data(as_text=True)


def section(company, code, above="S"):
    with company.app_context():
        made = OrgUnit(code=code, name=f"{code} 课", kind="section", parent_id=row_id(OrgUnit, code=above))
        session.add(made)
        session.commit()
        return made.id


def english(company, name="sys"):
    client = enter(company, name)
    client.get("/lang/en")
    return client


def offered(client, text="", **more):
    found = client.get("/lookup/org_unit", query_string={"q": text} | more)
    assert found.status_code == 200
    return {row["text"] for row in found.json["results"]}


def test_a_unit_ends_on_a_day_to_come_and_is_offered_until_then(company):
    pk, admin, today = section(company, "END1"), english(company), clock.today()
    assert "Nothing is left in it." in text(admin.get(f"/units/{pk}/close"))
    day = today + dt.timedelta(days=3)
    assert admin.post(f"/units/{pk}/close", data={"closes_on": day.isoformat()}).status_code == 302
    assert f"closes {day}" in text(admin.get("/units/"))
    assert offered(admin, "END1") == {"END1 课"}
    with company.app_context():
        assert tree.close_units(clock.now()) == {"hit": 0, "skipped": 0}
    with clock.freeze(clock.now() + dt.timedelta(days=3)), company.app_context():
        assert tree.close_units(clock.now()) == {"hit": 1, "skipped": 0}
        assert find(OrgUnit, code="END1").active is False
        session.commit()
    assert offered(admin, "END1") == set()
    assert offered(admin, "END1", past="yes") == {"END1 课"}, "a filter still finds it"
    assert admin.post(f"/units/{pk}/reopen").status_code == 302
    with company.app_context():
        assert find(OrgUnit, code="END1").closes_on is None
    assert offered(admin, "END1") == {"END1 课"}


def test_people_who_have_left_by_then_do_not_hold_it_back_and_others_do(company):
    pk, admin, today = section(company, "END2"), english(company), clock.today()
    with company.app_context():
        one = Employee(number="E-END2", name="留守", unit_id=pk)
        session.add(one)
        session.commit()
    day = (today + dt.timedelta(days=10)).isoformat()
    assert "people 1" in text(admin.post(f"/units/{pk}/close", data={"closes_on": day}), 422)
    assert "people 1" in text(admin.get(f"/units/{pk}/close"))
    with company.app_context():
        find(Employee, number="E-END2").leaves_on = today + dt.timedelta(days=9)
        session.commit()
    assert admin.post(f"/units/{pk}/close", data={"closes_on": day}).status_code == 302
    with clock.freeze(clock.now() + dt.timedelta(days=11)), company.app_context():
        late = Employee(number="E-LATE", name="后来", unit_id=pk)
        session.add(late)
        session.flush()
        assert tree.close_units(clock.now()) == {"hit": 0, "skipped": 1}, "somebody came after all"
        session.rollback()


def test_old_rows_keep_a_closed_unit_and_new_ones_do_not_take_it(company):
    pk, admin = section(company, "END3"), english(company)
    with company.app_context():
        gone = Employee(number="E-END3", name="旧人", unit_id=pk, active=False)
        session.add(gone)
        session.commit()
        person, home = gone.id, row_id(OrgUnit, code="S")
    assert admin.post(f"/units/{pk}/close").status_code == 302
    form = {"number": "E-END3", "name": "旧人改名", "unit_id": pk, "active": "false"}
    with company.app_context():
        form["row_version"] = session.get_one(Employee, person).row_version
    saved = admin.post(f"/employee/{person}/edit", data=form)
    assert saved.status_code == 302, text(saved, saved.status_code)
    new = {"number": "E-END4", "name": "新人", "unit_id": pk, "active": "true"}
    assert admin.post("/employee/add", data=new).status_code == 422
    assert admin.post("/employee/add", data=new | {"unit_id": home}).status_code == 302
    with company.app_context():
        assert session.get_one(Employee, person).name == "旧人改名"
        assert session.get_one(Employee, person).unit_id == pk


def test_the_form_does_not_get_round_what_is_left_in_a_unit(company):
    admin = english(company)
    with company.app_context():
        sales = find(OrgUnit, code="S")
        pk, version = sales.id, sales.row_version
        form = {"code": "S", "name": "S", "kind": "department", "zone": sales.zone, "active": "false",
                "parent_id": sales.parent_id, "row_version": version}  # fmt: skip
    assert "still in use" in text(admin.post(f"/org_unit/{pk}/edit", data=form), 422)


def test_an_open_case_holds_a_unit_back(company, monkeypatch):
    pk = section(company, "END5")
    with company.app_context():
        monkeypatch.setattr(tree, "_open_cases", lambda units: {"Customer complaint": 2})
    refused = text(english(company).post(f"/units/{pk}/close"), 422)
    assert "open: Customer complaint 2" in refused


def test_only_units_within_reach_are_offered_for_what_one_writes(company):
    admin, bob = english(company), english(company, "bob")
    page = text(admin.get(f"/people/{_person(company)}/give"))
    assert "/lookup/org_unit?for=holding" in page
    assert {"S", "Q", "G"} <= offered(admin, **{"for": "holding"})
    assert "Q" not in offered(bob, **{"for": "announcement"})
    assert "S" in offered(bob, **{"for": "announcement"})
    assert offered(enter(company, "amy"), **{"for": "holding"}) == set()
    assert bob.get("/lookup/org_unit?for=nothing").status_code == 400


def _person(company):
    with company.app_context():
        return row_id(Employee, number="AMY")


def test_open_cases_are_counted_as_their_states_say(demo):
    with demo.app_context():
        rows = session.scalars(sa.select(Complaint).order_by(Complaint.id)).all()
        open_ = [row for row in rows if not moves.lifecycle_of(row).states[row.status].final]
        assert open_
        unit = open_[0].unit_id
        wanted = sum(unit in (row.unit_id, row.holder_unit_id) for row in open_)
        label = str(registers()["complaint"].label)
        assert open_in(sa.select(OrgUnit.id).where(OrgUnit.id == unit))[label] == wanted
        said = tree.left_in(session.get_one(OrgUnit, unit), clock.today() + dt.timedelta(days=900))
        assert any(label in one for one in said)
