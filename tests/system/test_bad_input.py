"""Bad input: a sentence in the reader's language that names the field, 4xx, nothing lost from the form or half kept."""

from __future__ import annotations

import io
import re

import pytest
import sqlalchemy as sa
from markupsafe import escape

from app.areas.complaints.complaint import Complaint
from app.areas.customers.customer import Customer
from app.core.attachments import Attachment
from app.core.db import Model, session
from app.engines.people.models import OrgUnit
from app.packs import schema
from tests.demo import demo, founded
from tests.portal import PASSWORD, enter, row_id, token
from tests.unit.engines.policy.trial import content, faults, spoiled

__all__ = ["demo", "founded"]

LABELS = {
    "title": ("事由", "Subject"), "claimed_amount": ("客诉金额", "Claimed amount"), "customer_id": ("客户", "Customer"),
    "market": ("内／外销", "Market"),
}
CHINESE = re.compile("[\u4e00-\u9fff]")
HUGE = "x" * (5 << 20)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
def client(demo):
    return enter(demo, "xuwenjing")


@pytest.fixture
def header(demo):
    return token(demo, "xuwenjing")


def complaint(demo, **over):
    with demo.app_context():
        own = session.scalar(sa.select(Customer.id).order_by(Customer.id))
    return {"title": "板面起泡", "customer_id": own, "market": "domestic"} | over


def counts(demo):
    with demo.app_context():
        return {
            name: session.scalar(sa.select(sa.func.count()).select_from(table))
            for name, table in Model.metadata.tables.items()
        }


def in_both(call):
    """The JSON of a refusal in Chinese and in English; the status and the fields agree."""
    zh, en = (call({"Accept-Language": language}) for language in ("zh-CN", "en"))
    assert zh.status_code == en.status_code
    assert [e["field"] for e in zh.json["errors"]] == [e["field"] for e in en.json["errors"]]
    for error in zh.json["errors"]:
        assert CHINESE.search(error["message"]), error
    assert zh.json["message"] != en.json["message"]
    return zh, en


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


# -- bodies ------------------------------------------------------------------------------------------------------------

BODIES = [
    b"", b"{", b"[]", b'"text"', b"null", b"5", b'{"title": }', b"\xff\xfe", b'{"title": "\xe9"}',
    b"[" * 200_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000, b'{"title": ' + b"9" * 5000 + b"}",
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_body_that_is_no_object(demo, header, body):
    before = counts(demo)
    client = demo.test_client()
    for path, method in (
        ("/api/v1/complaint/", "POST"), ("/api/v1/complaint/1", "PUT"), ("/api/v1/complaint/1/move/submit", "POST"),
        ("/api/v1/security/login", "POST"), ("/api/v1/approval/1/approve", "POST"),
    ):
        zh, _en = in_both(lambda more, path=path, method=method: client.open(
            path, method=method, data=body, content_type="application/json", headers=header | more
        ))
        assert zh.status_code in (400, 404, 422), path
    assert counts(demo) == before


KINDS = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/xml", ""]


@pytest.mark.parametrize("kind", KINDS)
def test_a_body_of_another_kind(demo, header, kind):
    answer = demo.test_client().post("/api/v1/complaint/", data=b'{"title": "x"}', content_type=kind, headers=header)
    assert answer.status_code == 400
    assert answer.json["message"]


def test_a_number_that_json_knows_and_money_does_not(demo, header):
    for word in ("NaN", "Infinity", "-Infinity", "1e400", "0.001"):
        body = f'{{"title": "x", "customer_id": 1, "market": "domestic", "claimed_amount": {word}}}'
        answer = demo.test_client().post(
            "/api/v1/complaint/", data=body, content_type="application/json", headers=header
        )
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "claimed_amount")


# -- files -------------------------------------------------------------------------------------------------------------

FILES = [
    ("evil.png", b"MZ\x90\0" + b"\0" * 200), ("page.pdf", b"<html><script>x</script></html>"),
    ("x.exe", b"MZ" + b"\0" * 99),
    ("leer.png", b""), ("table.xlsx", b"PK\x03\x04" + b"\0" * 60), ("no_name", PNG),
]


@pytest.mark.parametrize(("name", "content"), FILES, ids=[name for name, _content in FILES])
def test_a_file_that_is_not_what_it_says(demo, client, name, content):
    key = client.post("/api/v1/complaint/", json=complaint(demo)).json["id"]
    before = counts(demo)

    def send(more):
        return client.post(
            f"/api/v1/complaint/{key}/files/evidence", data={"file": (io.BytesIO(content), name)}, headers=more
        )

    zh, _en = in_both(send)
    assert (zh.status_code, zh.json["errors"][0]["field"]) == (422, "evidence")
    page = client.post(
        "/complaint/add", data=complaint(demo, title="不要丢失") | {"evidence": (io.BytesIO(content), name)}
    )
    assert page.status_code == 422
    assert "不要丢失" in page.get_data(as_text=True)
    assert str(escape(zh.json["errors"][0]["message"])) in page.get_data(as_text=True)
    assert counts(demo) == before


def files():
    return session.scalar(sa.select(sa.func.count()).select_from(Attachment))


def test_a_file_that_is_too_large(demo, client):
    key = client.post("/api/v1/complaint/", json=complaint(demo)).json["id"]
    with demo.app_context():
        before = files()
    demo.config["KEZHI_FILE_LIMIT"] = 1000
    large = {"file": (io.BytesIO(PNG + b"\0" * 2000), "大图.png")}
    answer = client.post(f"/api/v1/complaint/{key}/files/evidence", data=large)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "evidence")
    assert "大图.png" in answer.json["message"]
    demo.config["MAX_CONTENT_LENGTH"] = 500
    whole = client.post(f"/api/v1/complaint/{key}/files/evidence", data={"file": (io.BytesIO(PNG * 99), "x.png")})
    assert whole.status_code == 413
    assert whole.json["message"]
    with demo.app_context():
        assert files() == before


def test_a_file_that_is_right_is_kept_shown_given_back_and_taken_off(demo, client):
    key = client.post("/api/v1/complaint/", json=complaint(demo)).json["id"]
    path = f"/api/v1/complaint/{key}/files/evidence"
    kept = client.post(path, data={"file": (io.BytesIO(PNG), "照片.png")})
    assert (kept.status_code, [one["name"] for one in kept.json]) == (201, ["照片.png"])
    found = client.get(f"/api/v1/complaint/{key}").json["_files"]["evidence"][0]
    with client.get(f"/api/v1/complaint/{key}/file/{found['id']}") as given:
        assert given.data == PNG
    other = enter(demo, "linjiahao")
    assert other.get(f"/api/v1/complaint/{key}/file/{found['id']}").status_code == 404
    assert client.delete(f"{path}/{found['id']}").status_code == 200
    assert client.delete(f"{path}/{found['id']}").status_code == 404
    assert client.get(f"/api/v1/complaint/{key}").json["_files"] == {"evidence": []}
    assert client.post(f"/api/v1/complaint/{key}/files/title", data={}).status_code == 404
    assert client.post(path, data={}).status_code == 400


# -- packs -------------------------------------------------------------------------------------------------------------


def test_a_pack_with_an_unknown_key_or_bands_that_overlap():
    found = faults(
        spoiled(cases__complaint__moves__send__frum=["draft"], authority__decision__bands__1__above="900.00")
    )
    assert set(found) == {"cases.complaint.moves.send.frum", "authority.decision.bands"}
    assert "900" in found["authority.decision.bands"]
    assert schema.build(content())


# -- signing in --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a\x00b", "长" * 5000, "' OR 1=1 --", "\u202eadmin", ""])
def test_names_that_are_none_are_wrong_and_no_fault(demo, name):
    client = demo.test_client()
    page = client.post("/login/", data={"username": name, "password": PASSWORD})
    assert page.status_code == (401 if name else 200)
    answer = client.post("/api/v1/security/login", json={"username": name, "password": PASSWORD})
    assert answer.status_code == (400 if "\x00" in name else 401)


def test_the_row_that_was_meant_is_still_there(demo):
    with demo.app_context():
        assert row_id(Customer, id=1) == 1
