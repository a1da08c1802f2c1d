"""What the framework underneath does wrong with fields, forms and REST (guide §2, §4, §7, §8), done right here."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.areas.customers.customer import Customer
from app.core.attachments import Attachment
from app.core.db import session
from app.core.register import registers
from app.engines.people.models import Employee
from tests.demo import addable, demo, founded
from tests.portal import counted, enter, token

__all__ = ["demo", "founded"]


@pytest.fixture
def root(demo):
    return enter(demo, "root")


def text(answer):
    return answer.get_data(as_text=True)


def field_of(page, name):
    """The control of a field in a form."""
    found = re.search(rf'<(?:input|select|textarea)[^>]*name="{name}"[^>]*>', page)
    assert found, name
    return found.group(0)


# -- §4: what is typed is kept ----------------------------------------------------------------------------------------


def test_no_is_an_answer(root):
    """A yes/no field that must be filled takes no; FAB calls it missing."""
    typed = {"code": "N-1", "name": "否", "kind": "department", "active": "false"}
    saved = root.post("/org_unit/add", data=typed)
    assert saved.status_code == 302, text(saved)
    pk = saved.headers["Location"].rsplit("/", 1)[1]
    assert root.get(f"/api/v1/org_unit/{pk}").json["active"] is False
    assert root.put(f"/api/v1/org_unit/{pk}", json={"active": True}).json["active"] is True
    assert root.post(f"/org_unit/{pk}/edit", data=typed).status_code == 302
    assert root.get(f"/api/v1/org_unit/{pk}").json["active"] is False
    assert [row["code"] for row in root.get("/api/v1/org_unit/?active=false").json["result"]] == ["N-1"]


def test_a_choice_starts_empty_and_can_be_emptied_again(root):
    """Neither a list nor a reference preselects its first row; clearing is no fault."""
    page = text(root.get("/complaint/add"))
    for name in ("market", "channel"):
        after = page.split(f'name="{name}"', 1)[1]
        assert after.split("<option", 2)[1].startswith(' value=""')
        assert "selected" not in after.split("</select>", 1)[0]
    assert 'value=""' in field_of(page, "customer_id")
    body = {"title": "x", "customer_id": 1, "market": "domestic", "channel": "phone"}
    pk = root.post("/api/v1/complaint/", json=body).json["id"]
    form = {name: str(value) for name, value in body.items()} | {"channel": ""}
    assert root.post(f"/complaint/{pk}/edit", data=form).status_code == 302
    assert root.get(f"/api/v1/complaint/{pk}").json["channel"] is None
    assert root.put(f"/api/v1/complaint/{pk}", json={"channel": "mail"}).json["channel"] == "mail"
    assert root.put(f"/api/v1/complaint/{pk}", json={"channel": None}).json["channel"] is None
    kind = root.get("/api/v1/org_unit/").json["result"][0]
    assert root.put(f"/api/v1/org_unit/{kind['id']}", json={"kind": ""}).status_code == 422


def test_a_choice_is_sent_answered_and_filtered_by_the_same_word(root):
    body = {"title": "x", "customer_id": 1, "market": "domestic"}
    made = root.post("/api/v1/complaint/", json=body).json
    assert made["market"] == "domestic"
    found = root.get("/api/v1/complaint/?market=domestic&size=100").json["result"]
    assert made["id"] in [row["id"] for row in found]
    assert {row["market"] for row in found} == {"domestic"}


def test_computed_data_is_kept_as_data_and_never_typed(root):
    asked = root.get("/api/v1/approval_request/?size=1").json["result"][0]
    assert isinstance(asked["frozen"], dict)
    for register in registers().values():
        for name, spec in register.fields.items():
            if spec.kind.name == "json" and register in addable():
                assert spec.computed, (register.slug, name)


def test_an_instant_is_edited_without_losing_its_seconds(root):
    """The form shows what is kept, and saving another field leaves it as it was."""
    sample = next(iter(root.get("/api/v1/sample/").json["result"]))
    path = f"/api/v1/sample/{sample['id']}"
    assert root.put(path, json={"received_at": "2025-10-20T08:15:42+08:00"}).status_code == 200
    page = text(root.get(f"/sample/{sample['id']}/edit"))
    shown = re.search(r'value="([^"]*)"', field_of(page, "received_at")).group(1)
    assert shown == "2025-10-20T08:15:42"
    before = root.get(path).json
    form = {name: str(before[name]) for name in ("sample_no", "quantity")} | {"received_at": shown}
    assert root.post(f"/sample/{sample['id']}/edit", data=form).status_code == 302
    after = root.get(path).json
    assert after["received_at"] == "2025-10-20T08:15:42+08:00"
    assert after["row_version"] == before["row_version"]


def test_blanks_are_no_text(root):
    answer = root.post("/api/v1/complaint/", json={"title": "  \t ", "customer_id": 1, "market": "domestic"})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "title")


def test_each_fault_is_said_once(root):
    """FAB says "Already exists. Already exists."."""
    with_twice = root.post("/customer/add", data={"customer_no": "", "name": "x" * 999})
    for sentence in re.findall(r'id="f-[^"]*-e"[^>]*>([^<]+)<', text(with_twice)):
        assert text(with_twice).count(sentence) <= 2, sentence
    sent = root.post("/api/v1/customer/", json={"customer_no": "", "name": "x" * 999}).json["errors"]
    assert sorted(error["field"] for error in sent) == ["customer_no", "name"]
    again = root.post("/api/v1/customer/", json={"customer_no": "", "name": "x" * 999}).json["errors"]
    assert sent == again


def test_saving_leads_to_the_saved_record_and_nowhere_else(root):
    """FAB returns to the last page of any tab."""
    root.get("/org_unit/")
    saved = root.post("/customer/add", data={"customer_no": "C-77", "name": "七七"})
    assert re.fullmatch(r"/customer/\d+", saved.headers["Location"])
    changed = root.post(f"{saved.headers['Location']}/edit", data={"customer_no": "C-77", "name": "七七改"})
    assert changed.headers["Location"] == saved.headers["Location"]


def test_a_missing_file_is_not_found_and_no_fault(demo, root):
    with demo.app_context():
        session.add(Attachment(
            register="complaint", record_id=1, field="evidence", name="照片.png", size=1, media_type="image/png",
            sha256="0" * 64, storage_key="f" * 32,
        ))
        session.commit()
        key = session.scalar(sa.select(Attachment.id))
    for path in (f"/complaint/1/file/{key}", f"/api/v1/complaint/1/file/{key}"):
        assert root.get(path).status_code == 404
    assert root.get(f"/complaint/2/file/{key}").status_code == 404
    assert root.get("/complaint/1").status_code == 200


def test_references_are_looked_up_by_page_and_not_drawn_whole(demo, root):
    with demo.app_context():
        home = session.scalar(sa.select(sa.func.min(registers()["org_unit"].model.id)))
        session.add_all(Employee(number=f"Z{n:04d}", name=f"众人{n}", unit_id=home) for n in range(300))
        session.commit()
    first = root.get("/lookup/employee?q=众人").json
    assert (len(first["results"]), first["more"]) == (20, True)
    second = root.get("/lookup/employee?q=众人&page=2").json
    assert not {row["id"] for row in first["results"]} & {row["id"] for row in second["results"]}
    assert "众人7" not in text(root.get("/anomaly_slip/add"))
    for path in ("/lookup/employee", "/api/v1/lookup/employee"):
        with demo.app_context(), counted() as sent:
            assert root.get(f"{path}?q=Z0001").json["results"][0]["text"] == "众人1"
        assert len(sent) <= 5


# -- §8: REST ----------------------------------------------------------------------------------------------------------


def test_an_operator_that_does_not_exist_never_opens_the_whole_list(root):
    odd = ("market__nope=x", "market__eq__x=y", "nope__eq=1", "title__ct=a", "market__eq=", "market__empty=perhaps")
    for asked in odd:
        assert root.get(f"/api/v1/complaint/?{asked}").status_code == 400, asked


def test_changing_one_field_leaves_the_others(root):
    before = root.get("/api/v1/customer/1").json
    after = root.put("/api/v1/customer/1", json={"name": "改了名"}).json
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"name", "row_version", "pinyin", "initials"}


@pytest.mark.parametrize(
    ("path", "status"), [("/api/v1/nothing/1", 404), ("/api/nothing", 404), ("/api/v1/customer/abc", 404)]
)
def test_what_does_not_exist_is_said_in_json(root, path, status):
    answer = root.get(path)
    assert answer.status_code == status
    assert {"message", "errors"} <= set(answer.json)


def test_a_program_that_asks_nothing_is_given_no_cookie(demo):
    answer = demo.test_client().get("/api/v1/customer/", headers=token(demo, "root"))
    assert "Set-Cookie" not in answer.headers


def test_faults_are_told_in_the_language_of_the_caller(demo):
    header = token(demo, "root")
    said = {
        language: demo.test_client().post(
            "/api/v1/customer/", json={}, headers=header | {"Accept-Language": language}
        ).json["message"]
        for language in ("zh", "en")
    }
    assert re.search("[\u4e00-\u9fff]", said["zh"])
    assert not re.search("[\u4e00-\u9fff]", said["en"])


def test_deleting_what_others_need_is_a_sentence(root):
    answer = root.delete("/api/v1/customer/1")
    assert answer.status_code == 409
    assert answer.json["message"]
    assert root.get("/api/v1/customer/1").status_code == 200


def test_amounts_of_any_size_that_fits_and_no_other(root):
    body = {"title": "x", "customer_id": 1, "market": "domestic"}
    for amount in ("999999999999.99", "0", "0.01", "1,234.5"):
        made = root.post("/api/v1/complaint/", json=body | {"claimed_amount": amount})
        assert made.status_code == 201
        assert made.json["claimed_amount"] == f"{float(amount.replace(',', '')):.2f}"
        found = root.get(f"/api/v1/complaint/?claimed_amount__gte={made.json['claimed_amount']}&order=-id").json
        assert found["result"][0]["id"] == made.json["id"]
    for amount in ("1000000000000", "99999999999999999999999"):
        assert root.post("/api/v1/complaint/", json=body | {"claimed_amount": amount}).status_code == 422


# -- views of the framework --------------------------------------------------------------------------------------------

CLOSED = (
    "/users/list/", "/users/add", "/users/show/1", "/users/edit/1", "/users/userinfo/", "/users/action/userinfoedit/1",
    "/userdbmodelview/list/", "/roles/list/", "/roles/add", "/roles/edit/1", "/groups/list/", "/permissions/list/",
    "/viewmenus/list/", "/permissionviews/list/", "/permissionview/list/", "/registeruser/list/", "/register/form",
    "/resetpassword/form?pk=1", "/resetmypassword/form", "/userinfoeditview/form", "/userstatschartview/chart/",
    "/userstats/chart/", "/login/google", "/oauth-authorized/google", "/api/v1/menu/", "/api/v1/_info",
    "/api/v1/security/users/", "/api/v1/security/roles/", "/api/v1/security/permissions/",
    "/api/v1/security/resources/", "/api/v1/security/permissions-resources/", "/api/v1/security/groups/",
    "/api/v1/security/api_keys/", "/api/v1/security/users/1", "/swagger/v1", "/api/v1/customer/_info",
    "/api/v1/customer/related/owner_id", "/customer/list/", "/customer/action/x/1", "/customer/action_post",
    "/customer/download/x.png", "/customer/lnk/add",
)


@pytest.mark.parametrize("path", CLOSED)
def test_no_view_of_the_framework_answers_not_even_the_administrator(root, path):
    for method in ("get", "post"):
        answer = getattr(root, method)(path)
        assert answer.status_code == 404, (method, answer.status_code)


def test_of_the_framework_only_two_small_views_are_served(demo):
    kinds = [type(view) for view in demo.appbuilder.baseviews]
    theirs = {kind.__name__ for kind in kinds if kind.__module__.startswith("flask_appbuilder")}
    assert theirs <= {"UtilView", "LocaleView"}
    assert demo.appbuilder.sm.userstatschartview is None or "userstats" not in str(demo.url_map)


def test_going_back_leads_into_the_portal_only(demo, root):
    answer = root.get("/back", headers={"Referer": "https://elsewhere.example/"})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/")
    assert not answer.headers["Location"].startswith("//")


def test_names_of_customers_are_no_passwords(demo, root):
    """No list, form or look-up of accounts exists; people are looked up as employees."""
    for slug in ("account", "ab_user", "user"):
        assert root.get(f"/lookup/{slug}").status_code == 404
        assert root.get(f"/api/v1/{slug}/").status_code == 404
    with demo.app_context():
        assert session.scalar(sa.select(sa.func.count()).select_from(Customer)) > 0
