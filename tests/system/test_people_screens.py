"""Administration of accounts, holdings, deputies and roles on the screen."""

import re

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.core import clock
from app.core.db import session
from app.engines.people import operations as people
from app.engines.people import shipped
from app.engines.people.models import Deputy, Employee, Holding, OrgUnit
from tests.portal import PASSWORD, counted, enter, portal, row_id

__all__ = ["portal"]


def of(portal, model, **by):
    with portal.app_context():
        return row_id(model, **by)


def text(answer):
    return answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "status"), [("root", 200), ("sys", 200), ("amy", 403), ("bob", 403), ("eve", 403)]
)
@pytest.mark.parametrize("path", ["/people/", "/roles/", "/roles/salesperson", "/logins/"])
def test_only_administrators_look_here(portal, name, status, path):
    assert enter(portal, name).get(path).status_code == status


def test_an_account_is_opened_with_a_link_shown_once(portal):
    with portal.app_context():
        newcomer = Employee(number="N1", name="新人", unit_id=row_id(OrgUnit, code="S"))
        session.add(newcomer)
        session.commit()
        pk = newcomer.id
    client = enter(portal, "sys")
    assert "N1" in text(client.get("/people/?q=N1"))
    refused = client.post(f"/people/{pk}/account", data={"username": "AMY"})
    assert refused.status_code == 422
    assert "AMY" in text(refused)
    shown = text(client.post(f"/people/{pk}/account", data={"username": "xin.ren"}))
    link = re.search(r"/join/([a-z0-9-]{19})<", shown).group(1)
    assert link not in text(client.get(f"/people/{pk}"))
    newcomer = portal.test_client()
    chosen = newcomer.post(f"/join/{link}", data={"password": PASSWORD, "again": PASSWORD})
    assert chosen.status_code == 302
    assert newcomer.get("/profile/").status_code == 200
    assert enter(portal, "xin.ren")


def test_acts_on_an_account(portal):
    pk = of(portal, Employee, number="AMY")
    client, amy = enter(portal, "sys"), enter(portal, "amy")
    assert client.post(f"/people/{pk}/sign_out").status_code == 302
    assert amy.get("/profile/").status_code == 302
    shown = text(client.post(f"/people/{pk}/password"))
    password = re.search(r"amy · (\S+?)<", shown).group(1)
    assert enter(portal, "amy", password)
    client.post(f"/people/{pk}/lock")
    refused = portal.test_client().post("/login/", data={"username": "amy", "password": password})
    assert refused.status_code == 401
    client.post(f"/people/{pk}/unlock")
    assert enter(portal, "amy", password)


def test_a_holding_is_given_refused_and_ended(portal):
    pk, quality = of(portal, Employee, number="AMY"), of(portal, OrgUnit, code="Q")
    client, today = enter(portal, "sys"), clock.today().isoformat()
    form = {"role": "quality_officer", "post": "B02.qc", "unit_id": quality, "scope": "unit", "valid_from": today}
    assert client.get(f"/people/{pk}/give").status_code == 200
    wrongs = ({"post": "B02.hr"}, {"unit_id": ""}, {"unit_id": "9999"}, {"valid_from": "yesterday"}, {"role": "king"})
    for wrong in wrongs:
        refused = client.post(f"/people/{pk}/give", data=form | wrong)
        assert refused.status_code == (404 if "9999" in wrong.values() else 422), wrong
    assert "B02.hr" in text(client.post(f"/people/{pk}/give", data=form | {"post": "B02.hr"}))
    assert client.post(f"/people/{pk}/give", data=form | {"role": ""}).status_code == 302
    holding = of(portal, Holding, owner_id=pk, role="quality_officer")
    other = of(portal, Employee, number="BOB")
    assert client.post(f"/people/{other}/end/{holding}").status_code == 404
    assert client.post(f"/people/{pk}/end/{holding}").status_code == 302
    with portal.app_context():
        assert session.get(Holding, holding) is None


def test_nobody_gives_to_himself_or_beyond_his_reach(portal):
    with portal.app_context():
        sales = session.get_one(OrgUnit, row_id(OrgUnit, code="S"))
        people.give(session.get_one(Employee, row_id(Employee, number="BOB")), "system_admin", sales, scope="unit")
        session.commit()
    client, quality = enter(portal, "bob"), of(portal, OrgUnit, code="Q")
    me, ann, amy = (of(portal, Employee, number=number) for number in ("BOB", "ANN", "AMY"))
    form = {"role": "order_clerk", "unit_id": of(portal, OrgUnit, code="S"), "valid_from": clock.today().isoformat()}
    assert "ANN" not in text(client.get("/people/"))
    assert client.get(f"/people/{ann}").status_code == 404
    assert client.post(f"/people/{ann}/password").status_code == 404
    assert client.post(f"/people/{me}/give", data=form).status_code == 403
    assert client.post(f"/people/{amy}/give", data=form | {"unit_id": quality}).status_code == 403
    assert client.post(f"/people/{amy}/give", data=form).status_code == 302
    assert client.post(f"/people/{amy}/give", data=form | {"role": "Admin"}).status_code == 403


def test_everybody_names_his_own_deputy(portal):
    me, other, today = of(portal, Employee, number="BOB"), of(portal, Employee, number="AMY"), clock.today().isoformat()
    client = enter(portal, "bob")
    form = {"deputy_id": other, "valid_from": today, "valid_to": today, "reason": "出差"}
    assert client.get(f"/deputies/{me}/add").status_code == 200
    assert client.post(f"/deputies/{me}/add", data=form | {"reason": ""}).status_code == 422
    assert client.post(f"/deputies/{me}/add", data=form).status_code == 302
    assert "艾米" in text(client.get("/profile/"))
    assert client.get(f"/deputies/{other}/add").status_code == 404
    deputy = of(portal, Deputy, owner_id=me)
    assert enter(portal, "amy").post(f"/deputies/{other}/end/{deputy}").status_code == 404
    assert client.post(f"/deputies/{me}/end/{deputy}").status_code == 302
    with portal.app_context():
        assert session.get(Deputy, deputy) is None


def test_a_deputy_is_named_for_some_posts_only(portal):
    with portal.app_context():
        amy, units = session.query(Employee).filter_by(number="AMY").one(), {u.code: u for u in session.query(OrgUnit)}
        held = people.deputable(amy)
        people.give(amy, "sales_manager", units["S"], post="B02.sales_manager")
        session.commit()
        me, other = amy.id, row_id(Employee, number="BOB")
    client, day = enter(portal, "amy"), clock.today().isoformat()
    form = {"deputy_id": other, "valid_from": day, "valid_to": day, "reason": "出差"}
    assert 'value="B02.sales_manager"' in text(client.get(f"/deputies/{me}/add"))
    assert client.post(f"/deputies/{me}/add", data=form | {"only": "B02.general_manager"}).status_code == 422
    assert client.post(f"/deputies/{me}/add", data=form | {"only": "B02.sales_manager"}).status_code == 302
    with portal.app_context():
        row = session.query(Deputy).filter_by(owner_id=me).one()
        assert (row.only, held != []) == (["B02.sales_manager"], True)
    assert "B02.sales_manager" not in text(client.get("/profile/")), "a post is called by its name"


def test_a_role_is_edited_by_administrators_and_goes_back_to_its_default(portal):
    root, sysadmin = enter(portal, "root"), enter(portal, "sys")
    with portal.app_context():
        default = shipped.granted("guard")
    assert sysadmin.post("/roles/guard", data={"grant": ["customer:read"]}).status_code == 403
    assert root.post("/roles/guard", data={"grant": ["customer:read", "nothing:read"]}).status_code == 422
    assert root.post("/roles/guard", data={"grant": ["customer:read"]}).status_code == 302
    page = text(root.get("/roles/guard?area=customers"))
    assert re.search(r'value="customer:read" checked', page)
    with portal.app_context():
        assert shipped.granted("guard") == {("guard", "customer", "read")}
    root.post("/roles/guard", data={"default": "1"})
    with portal.app_context():
        assert shipped.granted("guard") == default
    assert root.get("/roles/nobody").status_code == 404


def test_the_log_shows_who_came_and_who_did_not_get_in(portal):
    portal.test_client().post("/login/", data={"username": "amy", "password": "wrong"})
    enter(portal, "amy")
    client = enter(portal, "root")
    page = text(client.get("/logins/"))
    assert page.index("root") < page.index("amy")
    assert "am…" in page
    assert "root" not in re.sub("(?s)^.*<tbody>", "", text(client.get("/logins/?q=AMY")).split("</tbody>")[0])
    assert client.get("/logins/?before=abc").status_code == 200


def test_lists_cost_the_same_for_many_people(portal):
    client = enter(portal, "root")

    def statements():
        with portal.app_context(), counted() as sent:
            assert client.get("/people/").status_code == 200
        return len(sent)

    before = statements()
    with portal.app_context():
        home = row_id(OrgUnit, code="S")
        session.add_all(Employee(number=f"M{n}", name=f"员工{n}", unit_id=home) for n in range(120))
        session.commit()
    assert statements() == before
    assert "page=2" in text(client.get("/people/"))
    assert "page=3" in text(client.get("/people/?page=2"))


def test_no_secret_is_kept_in_the_clear(portal):
    with portal.app_context():
        stored = session.scalars(sa.select(User.password)).all()
    assert all(PASSWORD not in word and word.startswith("pbkdf2") for word in stored)
