"""Units in a tree, and somebody who leaves; over HTTP on both databases."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.core import clock
from app.core.db import session
from app.core.logins import LoginGuard
from app.engines.people import leaving
from app.engines.people import operations as people
from app.engines.people.api_keys import AccountKey
from app.engines.people.models import Employee, Holding, OrgUnit
from tests.both import company
from tests.portal import counted, enter, find, row_id

__all__ = ["company"]


def text(answer):
    return answer.get_data(as_text=True)


@pytest.fixture(autouse=True)
def unguessed(company):
    with company.app_context():
        session.execute(sa.delete(LoginGuard.__table__))
        session.commit()


# -- units -------------------------------------------------------------------------------------------------------------


def unit_of(company, code, **more):
    with company.app_context():
        group = row_id(OrgUnit, code="G")
        made = OrgUnit(code=code, name=code, kind="section", parent_id=group, **more)
        session.add(made)
        session.commit()
        return made.id


def test_the_tree_counts_people_alone_and_with_those_below(company):
    page = text(enter(company, "sys").get("/units/"))
    rows = {
        found[0]: found[1:] for found in re.findall(
            r'class="id"[^>]*>([^<]+)</a>.*?kz-money">(?:<a[^>]*>)?(\d+).*?kz-money">(\d+)<', page
        )
    }  # fmt: skip
    with company.app_context():
        total = session.scalar(sa.select(sa.func.count(Employee.id)).where(Employee.active))
        pk = row_id(OrgUnit, code="S")
    assert rows["G"][1] == str(total)
    assert int(rows["S"][0]) == int(rows["S"][1]) > 0
    amy = enter(company, "amy")
    shown = amy.get("/units/")
    assert shown.status_code == 200, "everybody may look at the units"
    assert f"/units/{pk}/move" not in text(shown)
    for act in ("move", "close", "reopen"):
        assert amy.post(f"/units/{pk}/{act}", data={"parent_id": pk}).status_code == 403, act
    client = enter(company, "sys")
    with company.app_context(), counted() as sent:
        assert client.get("/units/").status_code == 200
    assert len(sent) < 15


def test_a_unit_is_moved_with_all_below_and_never_under_itself(company):
    first, second, admin = unit_of(company, "M1"), unit_of(company, "M2"), enter(company, "sys")
    assert "holdings move along" in text(admin.get(f"/units/{second}/move", headers={"Accept-Language": "en"}))
    assert admin.post(f"/units/{second}/move", data={"parent_id": first}).status_code == 302
    with company.app_context():
        assert f"/{first}/{second}/" in session.get(OrgUnit, second).path
    assert admin.post(f"/units/{first}/move", data={"parent_id": second}).status_code == 422
    assert enter(company, "amy").post(f"/units/{first}/move", data={"parent_id": ""}).status_code == 403
    assert admin.post("/units/99999/close").status_code == 404


def test_a_unit_is_closed_only_when_empty(company):
    above, admin = unit_of(company, "E1"), enter(company, "sys")
    with company.app_context():
        below = OrgUnit(code="E2", name="E2", kind="section", parent_id=above)
        session.add(below)
        session.flush()
        session.add(Employee(number="E9", name="在册", unit_id=below.id))
        session.commit()
        below = below.id
    refused = admin.post(f"/units/{below}/close", headers={"Accept-Language": "en"})
    assert refused.status_code == 422
    assert "people 1" in text(refused)
    assert admin.post(f"/units/{above}/close").status_code == 422
    with company.app_context():
        find(Employee, number="E9").active = False
        session.commit()
    assert admin.post(f"/units/{below}/close").status_code == 302
    assert admin.post(f"/units/{above}/close").status_code == 302
    assert admin.post(f"/units/{below}/reopen").status_code == 409
    assert admin.post(f"/units/{above}/reopen").status_code == 302
    assert admin.post(f"/units/{below}/reopen").status_code == 302


# -- leaving -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def leaver(company):
    """Somebody with an account, two roles and an API key, and a colleague."""
    with company.app_context():
        number = f"L{session.scalar(sa.select(sa.func.max(Employee.id)))}"
        sales = find(OrgUnit, code="S")
        one, other = (Employee(number=f"{number}{mark}", name=f"某{mark}", unit_id=sales.id) for mark in "AB")
        session.add_all([one, other])
        session.flush()
        people.open_account(one, f"{number}a")
        people.open_account(other, f"{number}b")
        people.give(one, "salesperson", sales, valid_from=clock.today() - dt.timedelta(days=9))
        people.give(one, "order_clerk", sales, valid_from=clock.today() - dt.timedelta(days=9))
        session.add(AccountKey(name="k", account_id=one.account_id, ident=number.lower(), digest="0" * 64,
                               scopes={"customer": ["read"]}))  # fmt: skip
        session.commit()
        return one.id, other.id


def held(company, pk):
    with company.app_context():
        rows = session.scalars(sa.select(Holding).where(Holding.owner_id == pk)).all()
        return {row.role: (row.valid_from, row.valid_to) for row in rows}


def test_who_leaves_today_is_locked_by_the_sweep_and_the_successor_begins_tomorrow(company, leaver):
    one, other = leaver
    admin, today = enter(company, "sys"), clock.today()
    form = {"last": today.isoformat(), "successor": other, "reason": "辞职"}
    assert admin.get(f"/leavers/{one}").status_code == 200
    assert admin.post(f"/leavers/{one}", data=form | {"reason": ""}).status_code == 422
    assert admin.post(f"/leavers/{one}", data=form | {"successor": one}).status_code == 422
    assert admin.post(f"/leavers/{one}", data=form).headers["Location"].endswith(f"/leavers/{one}/left")
    assert admin.get(f"/leavers/{one}/left").status_code == 200
    assert held(company, one)["salesperson"][1] == today
    assert held(company, other)["salesperson"][0] == today + dt.timedelta(days=1)
    assert {"salesperson", "order_clerk", "employee"} == set(held(company, other))
    with company.app_context():
        assert leaving.leavers(clock.now())["hit"] == 0
        assert leaving.leavers(clock.now() + dt.timedelta(days=1))["hit"] == 1
        person = session.get(Employee, one)
        assert person.active is False
        assert session.get(User, person.account_id).active is False
        assert session.scalar(sa.select(AccountKey.revoked_at).where(AccountKey.account_id == person.account_id))
        session.commit()
    assert admin.post(f"/leavers/{one}", data=form).status_code == 422


def test_who_left_in_the_past_is_locked_at_once(company, leaver):
    one, _other = leaver
    yesterday = clock.today() - dt.timedelta(days=1)
    answer = enter(company, "sys").post(f"/leavers/{one}", data={"last": yesterday.isoformat(), "reason": "退休"})
    assert answer.status_code == 302
    with company.app_context():
        assert session.get(Employee, one).active is False
    assert held(company, one)["order_clerk"][1] == yesterday


def test_nobody_leaves_by_himself_or_beyond_reach(company, leaver):
    form = {"last": clock.today().isoformat(), "reason": "走"}
    with company.app_context():
        me, root = row_id(Employee, number="SYS"), row_id(Employee, number="ROOT")
    admin = enter(company, "sys")
    assert admin.post(f"/leavers/{me}", data=form).status_code == 403
    assert enter(company, "amy").get(f"/leavers/{leaver[0]}").status_code == 403
    assert admin.get("/leavers/99999").status_code == 404
    assert root
