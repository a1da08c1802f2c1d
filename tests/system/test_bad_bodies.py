"""Bad input in bodies, files, packs and at the door: a sentence with its field, and nothing lost."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa
from markupsafe import escape

from app.areas.customers.customer import Customer
from app.core.attachments import Attachment
from app.core.db import session
from app.packs import schema
from tests.demo import demo, founded
from tests.portal import PASSWORD, enter, row_id
from tests.system.bad import PNG, client, complaint, counts, header, in_both
from tests.unit.engines.policy.trial import content, faults, spoiled

__all__ = ["client", "demo", "founded", "header"]


# -- bodies ------------------------------------------------------------------------------------------------------------

BODIES = [
    b"", b"{", b"[]", b'"text"', b"null", b"5", b'{"title": }', b"\xff\xfe", b'{"title": "\xe9"}',
    b"[" * 200_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000, b'{"title": ' + b"9" * 5000 + b"}",
]

ABSENT = {"/api/v1/complaint/1/move/submit": 422, "/api/v1/approval/1/approve": 404}
"""No body is no fault of these: what follows is, since the case has gone on and the step is somebody else's."""


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
        assert zh.status_code == (ABSENT.get(path, 400) if not body else 400), path
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
