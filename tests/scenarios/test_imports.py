"""Customers come in from a table: a bad file, the error sheet, the good rows, changes, rights, and what is kept."""

from __future__ import annotations

import io
import re

import pytest
import sqlalchemy as sa

from app.areas.customers.customer import Customer
from app.core import crypto
from app.core.db import session
from app.engines.audit.models import AuditEntry
from app.engines.exchange import sheets, xlsx
from app.engines.exchange.models import ImportFile, ImportRow, ImportRun
from app.engines.exchange.xlsx import Sheet
from app.engines.people.models import Employee
from app.engines.privacy.models import AccessLog
from app.engines.search.models import SearchToken
from tests.portal import enter, find, inside, portal, token

__all__ = ["inside", "portal"]

HEADS = ["Customer number", "Name", "Kind", "Contact telephone", "Opened on"]
GOOD = [["K1", "苏州启衡电子有限公司", "Buyer", "138 1234 5679", "2025/10/21"], ["K2", "无锡华润", "采购方", "", ""]]
BAD = [["K3", "", "buyer", "", ""], ["K4", "常州", "Nobody", "12", "yesterday"], ["K1", "又一个", "buyer", "", ""]]


def book(rows, heads=HEADS):
    return b"".join(xlsx.stream([Sheet("客户", heads, rows)]))


def client_of(portal, who="bob"):
    client = enter(portal, who)
    client.get("/lang/en")
    return client


def send(client, content, name="客户.xlsx", mode="add", slug="customer"):
    data = {"mode": mode, "file": (io.BytesIO(content), name)}
    answer = client.post(f"/imports/{slug}", data=data, content_type="multipart/form-data")
    if answer.status_code != 302:
        return answer
    return int(re.search(r"/run/(\d+)", answer.headers["Location"])[1])


def counts(portal, run):
    with portal.app_context():
        found = session.get(ImportRun, run)
        return found.state, found.counts, found.saved


def names(portal):
    with portal.app_context():
        return set(session.scalars(sa.select(Customer.customer_no)))


def page(client, run, query=""):
    answer = client.get(f"/imports/run/{run}{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_bad_file_imports_nothing_until_the_good_rows_are_chosen(portal):
    client, before = client_of(portal), names(portal)
    run = send(client, book(GOOD + BAD))
    assert counts(portal, run) == ("ready", {"new": 2, "bad": 3}, {})
    text = page(client, run)
    told = ("“Name” is needed.", "is not one of: Buyer, Trading partner", "A date such as", "row 2 has “K1” already")
    for said in told:
        assert said in text
    refused = client.post(f"/imports/run/{run}/commit")
    assert (refused.status_code, names(portal)) == (422, before)
    assert "nothing is imported unless you choose the good rows" in refused.get_data(as_text=True)
    assert client.post(f"/imports/run/{run}/commit", data={"good_only": "true"}).status_code == 302
    assert names(portal) == before | {"K1", "K2"}
    assert counts(portal, run) == ("done", {"new": 2, "bad": 3}, {"new": 2})
    assert client.post(f"/imports/run/{run}/commit", data={"good_only": "true"}).status_code == 409


def test_the_error_sheet_is_mended_and_sent_again(portal):
    client = client_of(portal)
    run = send(client, book(GOOD + BAD))
    sheet = client.get(f"/imports/run/{run}/errors")
    assert "attachment" in sheet.headers["Content-Disposition"]
    keys, heads, *rows = [cells for _number, cells in sheets.rows(io.BytesIO(sheet.data))]
    assert heads == [*HEADS, "What is wrong", "Row in the file"]
    assert [(row[0], row[-1]) for row in rows] == [("K3", "4"), ("K4", "5"), ("K1", "6")]
    assert "is needed" in rows[0][-2]
    rows[0][1], rows[1][1:5], rows[2][0] = "镇江", ["常州", "buyer", "13812345678", "2025-10-21"], "K5"
    again = send(client, b"".join(xlsx.stream([Sheet("x", keys, [heads, *rows])])))
    assert counts(portal, again)[:2] == ("ready", {"new": 3})
    assert "What is wrong, Row in the file" in page(client, again)
    assert client.post(f"/imports/run/{again}/commit").status_code == 302
    assert {"K3", "K4", "K5"} <= names(portal)


def test_what_comes_in_is_as_if_it_had_been_typed(portal):
    client = client_of(portal)
    client.post(f"/imports/run/{send(client, book(GOOD))}/commit")
    with portal.app_context():
        row = find(Customer, customer_no="K1")
        person = find(Customer, customer_no="C-S")
        assert (row.side, row.contact_phone, str(row.opened_on)) == ("buyer", "13812345679", "2025-10-21")
        assert (row.unit_id, row.country, row.name_key) == (person.unit_id, "CN", "苏州启衡电子")
        assert row.contact_phone_index == crypto.blind_index("13812345679")
        by = find(Employee, id=row.owner_id)
        assert (by.name, by.account_id) == ("鲍勃", row.created_by_id)
        kept = session.connection().exec_driver_sql("select contact_phone from customer where customer_no = 'K1'")
        assert "13812345679" not in kept.scalar()
        entry = find(AuditEntry, register="customer", record_id=row.id)
        assert (entry.kind, entry.changes["contact_phone"]) == ("create", [None, "138****5679"])
        tokens = set(session.scalars(sa.select(SearchToken.token).filter_by(register="customer", row_id=row.id)))
        assert {"", "c启衡", "psz", "wk1"} <= tokens
    shown = client.get("/lookup/customer?q=启衡").json["results"]
    assert shown[0]["text"] == "苏州启衡电子有限公司"


def test_changes_are_shown_before_they_are_made(portal):
    client = client_of(portal)
    client.post(f"/imports/run/{send(client, book(GOOD))}/commit")
    masked = ["K1", "苏州启衡", "Buyer", "138****5679", ""]
    rows = [masked, ["K2", "无锡华润", "buyer", "", ""], ["K9", "新", "buyer", "", ""]]
    run = send(client, book(rows), mode="both")
    assert counts(portal, run)[1] == {"changed": 1, "same": 1, "new": 1}
    text = page(client, run, "?verdict=changed")
    assert "苏州启衡电子有限公司" in text
    assert "K9" not in text.split("<tbody>")[1]
    client.post(f"/imports/run/{run}/commit")
    assert counts(portal, run)[2] == {"changed": 1, "new": 1}
    with portal.app_context():
        row = find(Customer, customer_no="K1")
        assert (row.name, row.contact_phone, row.row_version) == ("苏州启衡", "13812345679", 2)
    only = send(client, book([["K8", "无", "buyer", "", ""]]), mode="update")
    assert "There is no such record" in page(client, only)


def test_a_customer_of_another_unit_is_not_there(portal):
    client = client_of(portal)
    run = send(client, book([["C-Q", "别人的", "buyer", "", ""]]), mode="update")
    assert counts(portal, run)[1] == {"bad": 1}
    assert "There is no such record, or it is outside what you may see." in page(client, run)
    taken = send(client, book([["C-Q", "别人的", "buyer", "", ""]]))
    assert "“C-Q” is taken" in page(client, taken)


def test_a_row_that_is_taken_meanwhile_stops_the_whole_import(portal):
    client, other = client_of(portal), client_of(portal)
    run = send(client, book([*GOOD, ["K7", "第三", "buyer", "", ""]]))
    twin = send(other, book([["K7", "先到", "buyer", "", ""]]))
    other.post(f"/imports/run/{twin}/commit")
    client.post(f"/imports/run/{run}/commit")
    assert counts(portal, run) == ("ready", {"new": 2, "bad": 1}, {})
    assert "K1" not in names(portal)
    assert "“K7” is taken" in page(client, run)
    client.post(f"/imports/run/{run}/commit", data={"good_only": "true"})
    assert {"K1", "K2"} <= names(portal)


def test_a_rounded_number_is_refused_with_the_rule(portal):
    client, heads = client_of(portal), ["Customer number", "Name", "Kind", "Identity number"]
    text = "customer_no,name,side,id_no\nK1,张三,person,1.10101E+17\nK2,李四,person,110101199003071000\n"
    run = send(client, text.encode("gb18030"), "客户.csv")
    assert counts(portal, run)[1] == {"bad": 2}
    assert page(client, run).count("Excel has rounded this number") == 2
    run = send(client, book([["K1", "张三", "person", "11010519491231002X"]], heads))
    assert counts(portal, run)[1] == {"new": 1}


def test_who_may_not_is_told_so_and_another_s_run_is_not_there(portal):
    amy, bob = client_of(portal, "amy"), client_of(portal)
    assert "/imports/customer" not in amy.get("/customer/").get_data(as_text=True)
    assert "/imports/customer" in bob.get("/customer/").get_data(as_text=True)
    for path in ("/imports/customer", "/imports/customer/template"):
        assert amy.get(path).status_code == 403
    assert send(amy, book(GOOD)).status_code == 403
    assert bob.get("/imports/audit_entry").status_code == 404
    assert bob.get("/imports/access_log").status_code == 404
    run = send(bob, book(GOOD))
    for path in ("", "/errors", "/status"):
        assert client_of(portal, "eve").get(f"/imports/run/{run}{path}").status_code == 404
    root = client_of(portal, "root")
    assert root.get(f"/imports/run/{run}").status_code == 404
    assert "客户.xlsx" in root.get("/imports/?all=1").get_data(as_text=True)
    assert "客户.xlsx" not in root.get("/imports/").get_data(as_text=True)


def test_a_withdrawn_run_leaves_no_row(portal):
    client = client_of(portal)
    run = send(client, book(GOOD))
    assert client.post(f"/imports/run/{run}/withdraw").status_code == 302
    assert counts(portal, run)[0] == "withdrawn"
    with portal.app_context():
        for model in (ImportRow, ImportFile):
            assert session.scalar(sa.select(sa.func.count()).select_from(model)) == 0
    assert client.post(f"/imports/run/{run}/commit").status_code == 409


@pytest.mark.parametrize(("content", "name", "said"), [
    (b"", "leer.csv", "The table is empty."), (b"%PDF-1.4", "a.pdf", "is no table that can be read"),
    (b"\xd0\xcf\x11\xe0abcd", "a.xls", "old kind of Excel"), ("甲,乙\n1,2\n".encode(), "a.csv", "No column is called"),
    (b"name,name\n1,2\n", "a.csv", "is there twice"), (b"name,side\n", "a.csv", "heads but no rows"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_says_why(portal, content, name, said):
    client = client_of(portal)
    answer = send(client, content, name)
    text = page(client, answer) if isinstance(answer, int) else answer.get_data(as_text=True)
    assert said in text


def test_programs_do_the_same(portal):
    header = token(portal, "bob")
    client = portal.test_client()
    data = {"mode": "add", "file": (io.BytesIO(book(GOOD + BAD)), "客户.xlsx")}
    started = client.post("/api/v1/imports/customer", data=data, headers=header, content_type="multipart/form-data")
    assert started.status_code == 201, started.json
    run = started.json["id"]
    assert (started.json["state"], started.json["counts"]) == ("ready", {"new": 2, "bad": 3})
    rows = client.get(f"/api/v1/imports/run/{run}/rows?verdict=bad", headers=header).json["result"]
    assert [(row["row"], row["errors"][0]["field"], row["errors"][0]["rule"]) for row in rows] == [
        (4, "name", "required"), (5, "side", "choice"), (6, "customer_no", "unique"),
    ]  # fmt: skip
    refused = client.post(f"/api/v1/imports/run/{run}/commit", json={}, headers=header)
    assert (refused.status_code, refused.json["errors"][0]["rule"]) == (422, "errors")
    done = client.post(f"/api/v1/imports/run/{run}/commit", json={"good_only": True}, headers=header)
    assert (done.status_code, done.json["state"], done.json["saved"]) == (200, "done", {"new": 2})
    assert client.get(f"/api/v1/imports/run/{run}", headers=token(portal, "eve")).status_code == 404
    document = client.get("/api/v1/_openapi", headers=header).json
    assert "post" in document["paths"]["/api/v1/imports/{slug}"]


def test_what_is_shown_is_taken_out_masked_and_logged(portal):
    client = client_of(portal)
    client.post(f"/imports/run/{send(client, book(GOOD))}/commit")
    there = "/exports/customer?order=-customer_no&q=K"
    assert "/exports/customer" in client.get("/customer/").get_data(as_text=True)
    assert client.get(there).status_code == 200
    assert client.post(there, data={"format": "csv"}).status_code == 422
    got = client.post(there, data={"format": "csv", "reason": "年度核对名单", "column": ["customer_no", "name"]})
    assert got.status_code == 200
    lines = got.data.decode("utf-8-sig").splitlines()
    assert lines == ["Customer number,Name", "K2,无锡华润", "K1,苏州启衡电子有限公司"]
    got = client.post(there, data={"format": "xlsx", "reason": "年度核对名单"})
    rows = [cells for _number, cells in sheets.rows(io.BytesIO(got.data))]
    assert [row[0] for row in rows] == ["Customer number", "K2", "K1"]
    with portal.app_context():
        logged = session.scalars(sa.select(AccessLog).filter_by(act="export").order_by(AccessLog.id)).all()
        assert [(one.of_register, one.rows, one.reason) for one in logged] == [("customer", 2, "年度核对名单")] * 2
        assert logged[0].facts["filters"] == {"order": "-customer_no", "q": "K"}
    amy = client_of(portal, "amy")
    assert (amy.get(there).status_code, amy.post(there, data={}).status_code) == (403, 403)
