"""The eighteen dangers of the framework underneath (D1 to D18): each test fails without its cure."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.areas.customers.customer import Customer
from app.core.db import session
from app.core.register import registers
from app.engines.people.models import Employee, OrgUnit
from tests.portal import counted, enter, portal, row_id, token
from tests.system.rows_of import CUSTOMER, of, rows

__all__ = ["portal"]


# -- what is given out -------------------------------------------------------------------------------------------------


def test_d1_no_answer_holds_a_password_or_a_whole_other_row(portal):
    header, client = token(portal, "root"), portal.test_client()
    client.post("/api/v1/customer/", json=CUSTOMER, headers=header)
    for slug, register in registers().items():
        if register.detail_of:
            continue
        listed = client.get(f"/api/v1/{slug}/", headers=header)
        shown = [client.get(f"/api/v1/{slug}/{row['id']}", headers=header) for row in listed.json["result"][:1]]
        for answer in (listed, *shown):
            assert answer.status_code == 200, slug
            assert not re.search("pbkdf2|scrypt|password", answer.get_data(as_text=True)), slug
        for row in listed.json["result"]:
            assert all(not isinstance(row.get(name), dict) for name, spec in register.fields.items() if spec.target)


def test_d7_a_list_is_ordered_by_its_own_columns_only(portal):
    client = enter(portal, "root")
    for order in ("created_by.password", "created_by_id", "contact_phone", "nonexist", "-"):
        assert client.get(f"/customer/?order={order}").status_code == 400
        assert client.get(f"/api/v1/customer/?order={order}").status_code == 400
    assert client.get("/customer/?order=-name").status_code == 200


def test_d13_pages_are_small_and_odd_numbers_are_no_fault(portal):
    client = enter(portal, "root")
    for asked in ("size=100000", "size=-1", "page=abc", "page=-1", "page=99999999999999999999", "after=x", "id=1e9"):
        assert client.get(f"/customer/?{asked}").status_code == 400, asked
        assert client.get(f"/api/v1/customer/?{asked}").status_code == 400, asked
    for pk in ("99999999999999999999", "abc", "-1"):
        assert client.get(f"/api/v1/customer/{pk}").status_code == 404, pk
        assert client.get(f"/customer/{pk}").status_code == 404, pk


def test_d12_forms_and_lists_do_not_grow_with_the_tables_they_refer_to(portal):
    client = enter(portal, "root")

    def measure():
        with portal.app_context(), counted() as sent:
            pages = [client.get(path).get_data() for path in ("/customer/add", "/customer/", "/employee/add")]
        return len(sent), sum(map(len, pages))

    before = measure()
    with portal.app_context():
        home = row_id(OrgUnit, code="S")
        session.add_all(Employee(number=f"N{n}", name=f"员工{n}", unit_id=home) for n in range(2000))
        session.commit()
    after = measure()
    assert after[0] == before[0]
    assert after[1] < before[1] + 1000


def test_d18_a_refused_save_says_why_without_sql_and_keeps_what_was_typed(portal):
    client, header = enter(portal, "root"), token(portal, "root")
    taken = CUSTOMER | {"customer_no": "C-S", "note": "写了很久的说明"}
    page = client.post("/customer/add", data=taken)
    answer = portal.test_client().post("/api/v1/customer/", json=taken, headers=header)
    assert (page.status_code, answer.status_code) == (422, 422)
    assert "写了很久的说明" in page.get_data(as_text=True)
    assert answer.json["errors"][0]["field"] == "customer_no"
    for text in (page.get_data(as_text=True), answer.get_data(as_text=True)):
        assert not re.search("INSERT|UNIQUE|sqlite|SELECT", text)


def test_d18_even_a_fault_the_forms_do_not_foresee_shows_no_sql(portal, monkeypatch):
    from app.core import saving

    monkeypatch.setattr(saving, "_taken", lambda *_args: [])
    client = enter(portal, "root")
    for answer in (
        client.post("/customer/add", data=CUSTOMER | {"customer_no": "C-S"}),
        client.post("/api/v1/customer/", json=CUSTOMER | {"customer_no": "C-S"}),
    ):
        assert answer.status_code == 409
        assert not re.search("INSERT|UNIQUE|sqlite|C-S", answer.get_data(as_text=True))
    assert client.get("/customer/").status_code == 200


# -- what is taken in --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "smuggled",
    [
        {"created_by": {"id": 666, "username": "evil", "password": "x", "active": True}},
        {"owner_id": {"id": 777, "number": "EVIL", "name": "Evil"}}, {"owner": {"number": "EVIL"}},
        {"unit_id": {"code": "EVIL", "name": "Evil"}}, {"created_by_id": 1}, {"id": 5}, {"row_version": 9},
    ],
)
def test_d2_nothing_is_made_or_taken_over_by_nesting(portal, smuggled):
    before = [rows(portal, model) for model in (User, Employee, OrgUnit, Customer)]
    answer = portal.test_client().post("/api/v1/customer/", json=CUSTOMER | smuggled, headers=token(portal, "amy"))
    assert answer.status_code == 422
    assert [rows(portal, model) for model in (User, Employee, OrgUnit, Customer)] == before


def test_d8_scope_holds_for_writing_too(portal):
    """A clerk neither puts a row into another unit, nor refers to one he cannot see, nor edits it."""
    client, foreign = enter(portal, "bob"), of(portal, Customer, customer_no="C-Q")
    quality, own = of(portal, OrgUnit, code="Q"), of(portal, OrgUnit, code="S")
    client.post("/customer/add", data=CUSTOMER | {"unit_id": quality})
    with portal.app_context():
        placed = session.scalars(sa.select(Customer).where(Customer.customer_no == "C-9")).one_or_none()
        assert placed is None or placed.unit_id == own
    for method, path, body in (
        ("put", f"/api/v1/customer/{foreign}", {"name": "偷改"}), ("delete", f"/api/v1/customer/{foreign}", None),
    ):
        assert getattr(client, method)(path, json=body).status_code == 404
    referring = client.post("/api/v1/complaint/", json={"customer_id": foreign, "title": "x", "market": "domestic"})
    assert referring.status_code == 422
    with portal.app_context():
        assert session.get_one(Customer, foreign).name != "偷改"


def test_d8_a_state_is_never_typed(portal):
    for register in (r for r in registers().values() if r.from_pack or r.lifecycle):
        for name in ("status", "holder_unit_id", "pack_version_id", "adopter_id", "policy"):
            assert name not in register.writable, (register.slug, name)


# -- rows outside the scope --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/customer/{id}"), ("get", "/customer/{id}/edit"), ("post", "/customer/{id}/edit"),
        ("post", "/customer/{id}/delete"), ("post", "/customer/{id}/reveal/contact_phone"),
        ("get", "/customer/{id}/print"), ("get", "/customer/{id}/file/1"), ("get", "/api/v1/customer/{id}"),
        ("get", "/api/v1/customer/{id}/explain"),
    ],
)
def test_d3_a_row_out_of_reach_is_404_on_every_route(portal, method, path):
    foreign, own = of(portal, Customer, customer_no="C-Q"), of(portal, Customer, customer_no="C-S")
    client = enter(portal, "bob")
    assert getattr(client, method)(path.format(id=foreign), data={"reason": "x"}).status_code == 404
    assert rows(portal) == 2
    if "file" not in path:
        assert getattr(client, method)(path.format(id=own), data={"reason": "x"}).status_code != 404


def test_roles_in_two_units_never_open_the_union_of_both(portal):
    """Sales manager in S, quality officer in Q: the customer of Q is read, not changed."""
    client = enter(portal, "eve")
    theirs, ours = of(portal, Customer, customer_no="C-Q"), of(portal, Customer, customer_no="C-S")
    assert {row["customer_no"] for row in client.get("/api/v1/customer/").json["result"]} == {"C-Q", "C-S"}
    assert client.put(f"/api/v1/customer/{ours}", json={"name": "改名"}).status_code == 200
    assert client.put(f"/api/v1/customer/{theirs}", json={"name": "改名"}).status_code == 404
    why = {"reason": "客户来电要求回电"}
    assert client.post(f"/customer/{ours}/reveal/contact_phone", data=why).status_code == 200
    assert client.post(f"/customer/{theirs}/reveal/contact_phone", data=why).status_code == 404


def test_d4_requests_at_the_same_time_keep_their_own_filters(portal):
    clients, meet = {name: enter(portal, "root") for name in ("C-Q", "C-S")}, threading.Barrier(2)

    def ask(name):
        meet.wait(timeout=20)
        found = clients[name].get(f"/api/v1/customer/?customer_no={name}").json["result"]
        return [row["customer_no"] for row in found] == [name]

    with ThreadPoolExecutor(2) as pool:
        assert all(all(pool.map(ask, ("C-Q", "C-S"))) for _n in range(25))
