"""Bad input: a sentence in the reader's language that names the field, 4xx, nothing lost from the form or half kept."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from markupsafe import escape

from app.areas.complaints.complaint import Complaint
from app.areas.customers.customer import Customer
from app.core.db import session
from app.engines.people.models import OrgUnit
from tests.demo import demo, founded
from tests.portal import enter
from tests.system.bad import HUGE, LABELS, client, complaint, counts, header, in_both

__all__ = ["client", "demo", "founded", "header"]


FIELDS = [
    ("title", HUGE), ("title", "a\x00b"), ("title", "a\x1bb"), ("title", ""),
    ("claimed_amount", "1.234"), ("claimed_amount", "NaN"), ("claimed_amount", "Infinity"), ("claimed_amount", "1e400"),
    ("claimed_amount", "-1"), ("claimed_amount", "12345678901234567890"),
    ("customer_id", "999999"), ("customer_id", "x"), ("customer_id", "9" * 5000),
    ("market", "moon"),
]


@pytest.mark.parametrize(("name", "value"), FIELDS, ids=lambda part: str(part)[:20].encode("unicode_escape").decode())
def test_a_field_that_cannot_be_taken(demo, client, header, name, value):
    before = counts(demo)
    body = complaint(demo, **{name: value})
    zh, en = in_both(lambda more: demo.test_client().post("/api/v1/complaint/", json=body, headers=header | more))
    assert zh.status_code == 422
    assert [error["field"] for error in zh.json["errors"]] == [name]
    assert LABELS[name][0] in zh.json["message"]
    assert LABELS[name][1] in en.json["message"]
    assert len(zh.json["message"]) < 200
    page = client.post("/complaint/add", data=body | {"channel": "phone"}, headers={"Accept-Language": "zh"})
    assert page.status_code == 422
    text = page.get_data(as_text=True)
    assert str(escape(zh.json["errors"][0]["message"])) in text
    assert 'value="phone" selected' in text
    if name != "title":
        assert "板面起泡" in text
    elif value:
        assert value in text
    assert counts(demo) == before


@pytest.mark.parametrize("value", ["a\ud800b", "\udfff"])
def test_half_characters_are_refused_wherever_a_program_sends_them(demo, header, value):
    client = demo.test_client()
    before = counts(demo)
    for path, body in (
        ("/api/v1/complaint/", complaint(demo, title=value)),
        ("/api/v1/complaint/", complaint(demo, **{value: 1})),
        ("/api/v1/complaint/1/move/submit", {"values": {"title": value}, "reason": value}),
        ("/api/v1/customer/1/reveal/contact_phone", {"reason": value}),
        ("/api/v1/security/login", {"username": value, "password": value}),
        ("/api/v1/approval/1/approve", {"comment": value}),
    ):
        answer = client.post(path, json=body, headers=header)
        assert 400 <= answer.status_code < 500, path
        assert answer.json["message"], path
    assert counts(demo) == before


def test_a_customer_that_one_cannot_see_is_no_customer(demo, client):
    with demo.app_context():
        away = OrgUnit(code="AWAY", name="别处", kind="department")
        session.add(away)
        session.flush()
        foreign = Customer(customer_no="F-1", name="别家", unit_id=away.id)
        session.add(foreign)
        session.commit()
        key = foreign.id
    missing = client.post("/api/v1/complaint/", json=complaint(demo, customer_id=key + 1000))
    hidden = client.post("/api/v1/complaint/", json=complaint(demo, customer_id=key))
    assert (missing.status_code, hidden.status_code) == (422, 422)
    assert hidden.json["message"].replace(str(key), "N") == missing.json["message"].replace(str(key + 1000), "N")
    assert client.get(f"/customer/{key}").status_code == 404


# -- dates and states --------------------------------------------------------------------------------------------------


def test_a_date_before_the_receipt(demo):
    """A reply before the decision; money due before the case was there; goods made after they were shipped."""
    root = enter(demo, "root")
    with demo.app_context():
        case = session.scalars(sa.select(Complaint).where(Complaint.decided_at.is_not(None))).first()
        key, decided = case.id, case.decided_at
    reply = {"complaint_id": key, "means": "phone", "content": "x", "customer_response": "accepted"}
    early = reply | {"replied_at": decided.replace(year=decided.year - 1).isoformat()}
    zh, _en = in_both(lambda more: root.post("/api/v1/customer_reply/", json=early, headers=more))
    assert zh.json["errors"][0] | {"message": ""} == {
        "field": "replied_at", "rule": "after_decision", "clause": "（九）11", "message": "",
    }


def test_a_date_in_the_future_stays_in_the_form(demo, client):
    goods = complaint(demo, shipped_on="2999-01-01", part_no="P-1")
    zh, _en = in_both(lambda more: client.post("/api/v1/complaint/", json=goods, headers=more))
    assert (zh.json["errors"][0]["field"], zh.json["errors"][0]["rule"]) == ("shipped_on", "not_future")
    page = client.post("/complaint/add", data=goods)
    assert page.status_code == 422
    assert 'value="2999-01-01"' in page.get_data(as_text=True)
    assert 'value="P-1"' in page.get_data(as_text=True)


def test_collecting_before_the_receipt_is_refused(demo):
    from app.core import saving
    from app.core.moves import whole_of

    with demo.test_request_context(headers={"Accept-Language": "en"}):
        case = session.scalars(sa.select(Complaint).where(Complaint.accepted_at.is_not(None))).first()
        day = case.accepted_at.date().replace(year=case.accepted_at.year - 1)
        whole = whole_of(case)
        found = saving.judge_move(whole, {"collected_on": whole.fields["collected_on"]}, {"collected_on": day})
        assert ("collected_on", "not_before", "（九）14") in [(p.field, p.rule, p.clause) for p in found]
        assert "before the receipt" in " ".join(str(p.message) for p in found)


def test_a_state_that_cannot_be_reached(demo, client, header):
    made = client.post("/api/v1/complaint/", json=complaint(demo)).json
    path, before = f"/api/v1/complaint/{made['id']}", counts(demo)
    typed, _en = in_both(lambda more: client.put(path, json={"status": "closed"}, headers=more))
    assert typed.status_code == 422
    assert typed.json["errors"][0]["field"] == "status"
    assert client.post(f"{path}/move/nowhere", json={}).status_code == 404
    assert client.post(f"/complaint/{made['id']}/move/nowhere", data={}).status_code == 404
    control = enter(demo, "fangxiulan") if _exists(demo, "fangxiulan") else enter(demo, "root")
    later = control.post(f"{path}/move/close", json={})
    assert later.status_code == 403
    assert later.json["message"]
    page = client.post(f"/complaint/{made['id']}/move/close", data={})
    assert page.status_code == 403
    assert client.get(path).json["status"] == made["status"]
    assert counts(demo)["audit_entry"] == before["audit_entry"]


def _exists(demo, name):
    from flask_appbuilder.security.sqla.models import User

    with demo.app_context():
        return session.scalar(sa.select(User.id).where(User.username == name)) is not None


# -- texts that could be more than text --------------------------------------------------------------------------------


FORMULAS = ['=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", "<script>alert(1)</script>"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_stays_text(demo, client, text):
    made = client.post("/api/v1/complaint/", json=complaint(demo, title=text))
    assert made.status_code == 201
    key = made.json["id"]
    assert client.get(f"/api/v1/complaint/{key}").json["title"] == text
    for path in (f"/complaint/{key}", f"/complaint/{key}/edit"):
        page = client.get(path).get_data(as_text=True)
        assert str(escape(text)) in page
        assert "<script>alert" not in page
    printed = enter(demo, "root").get(f"/complaint/{key}/print").get_data(as_text=True)
    assert str(escape(text)) in printed
    assert "<script>alert" not in printed


def test_a_reason_that_cannot_be_kept_stays_in_the_form(demo, client):
    """Too long, or with a character that no database keeps: for a step, for unmasking, for a decision."""
    for reason in ("长" * 2001, "原\x00因", "  "):
        answer = client.post("/customer/1/reveal/contact_phone", data={"reason": reason})
        assert answer.status_code == 422
    root = enter(demo, "root")
    for reason in ("长" * 2001, "原\x00因"):
        answer = root.post("/api/v1/customer/1/reveal/contact_phone", json={"reason": reason})
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "reason")


# -- lists -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("page=-1", "page"), ("page=0", "page"), ("page=abc", "page"), ("page=" + "9" * 5000, "page"),
        ("size=-1", "size"), ("size=100000", "size"), ("after=x", "after"), ("order=password", "order"),
        ("order=title;drop", "order"), ("nothing=1", "nothing"), ("title__like=x", "title"),
        ("status__gte=x", "status"), ("claimed_amount__gte=NaN", "claimed_amount"),
        ("claimed_amount__gte=1.234", "claimed_amount"), ("accepted_at__gte=yesterday", "accepted_at"),
        ("customer_id=x", "customer_id"), ("market=moon", "market"),
    ],
)
def test_a_list_that_cannot_be_asked_for(demo, client, header, asked, field):
    get = demo.test_client().get
    zh, _en = in_both(lambda more: get(f"/api/v1/complaint/?{asked}", headers=header | more))
    assert zh.status_code == 400
    assert zh.json["errors"][0]["field"] == field
    page = client.get(f"/complaint/?{asked}")
    assert page.status_code == 400
    assert str(escape(zh.json["errors"][0]["message"])) in page.get_data(as_text=True)


@pytest.mark.parametrize("key", ["-1", "abc", "0", "9" * 25, "9" * 5000, "1e3", "%00", "1%00"])
def test_ids_that_are_none(client, key):
    for path in (f"/complaint/{key}", f"/api/v1/complaint/{key}", f"/complaint/{key}/edit", f"/approvals/{key}",
                 f"/api/v1/complaint/{key}/explain"):
        assert client.get(path).status_code in (404, 405), path


# -- values that exist -------------------------------------------------------------------------------------------------


def test_a_value_that_is_taken(demo):
    root = enter(demo, "root")
    with demo.app_context():
        taken = session.scalar(sa.select(Customer.customer_no))
    before, body = counts(demo), {"customer_no": taken, "name": "又一家", "note": "写了很久"}
    zh, en = in_both(lambda more: root.post("/api/v1/customer/", json=body, headers=more))
    assert (zh.status_code, zh.json["errors"][0]["field"]) == (422, "customer_no")
    assert taken in zh.json["message"]
    assert taken in en.json["message"]
    page = root.post("/customer/add", data=body)
    assert page.status_code == 422
    assert "写了很久" in page.get_data(as_text=True)
    assert counts(demo) == before
