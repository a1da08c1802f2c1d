"""What holds for every request: one commit, headers, language, and answers to faults."""

import re

import pytest
import sqlalchemy as sa
import structlog
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from app.areas.customers.customer import Customer
from app.core import access, accounts, menu
from app.core.db import session
from app.core.errors import Conflict, Problem, Refusal
from tests.portal import counted, enter, portal, row_id, token

__all__ = ["portal"]


@pytest.fixture
def raising(portal, monkeypatch):
    """Let the signed-in person's list of customers do something else."""

    def replace(act):
        monkeypatch.setitem(portal.view_functions, "CustomerView.list", lambda: act())
        monkeypatch.setitem(portal.view_functions, "CustomerApi.get_list", lambda: act())
        portal.config["PROPAGATE_EXCEPTIONS"] = False
        return enter(portal, "root")

    return replace


def rename():
    session.scalars(sa.select(Customer).where(Customer.customer_no == "C-S")).one().name = "改名"
    session.flush()


def name_now(portal):
    with portal.app_context():
        return session.scalar(sa.select(Customer.name).where(Customer.customer_no == "C-S"))


# -- transaction -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ending", "kept"), [(lambda: "ok", True), (lambda: ("moved", 302), True), (lambda: ("no", 422), False)]
)
def test_a_view_that_succeeds_is_committed_and_no_other(portal, raising, ending, kept):
    def act():
        rename()
        return ending()

    raising(act).get("/customer/")
    assert (name_now(portal) == "改名") is kept


def test_a_view_that_raises_leaves_nothing(portal, raising):
    def act():
        rename()
        raise Refusal("不行")

    assert raising(act).get("/customer/").status_code == 422
    assert name_now(portal) != "改名"


# -- faults ------------------------------------------------------------------------------------------------------------


def boom(fault):
    def act():
        raise fault

    return act


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Refusal(Problem("超限", "amount", "limit", "§3")), 422),
        (Conflict("改过"), 409),
        (StaleDataError("x"), 409),
        (OverflowError("Python int too large"), 400),
        (ValueError("invalid literal for int() with base 10: 'abc'"), 400),
        (ValueError("something else"), 500),
        (OperationalError("SELECT secret", {"phone": "13812345678"}, Exception("gone")), 500),
        (RuntimeError("13812345678"), 500),
    ],
)
def test_every_fault_has_a_page_and_a_json_body(raising, fault, status):
    client = raising(boom(fault))
    page, body = client.get("/customer/"), client.get("/api/v1/customer/")
    assert (page.status_code, body.status_code) == (status, status)
    assert f">{status}<" in page.get_data(as_text=True)
    assert {"message", "errors"} <= set(body.json)
    assert body.json["errors"][0].keys() == {"field", "rule", "clause", "message"}
    for text in (page.get_data(as_text=True), body.get_data(as_text=True)):
        assert not re.search("SELECT|Traceback|13812345678|something else", text)


def test_a_crash_is_recorded_without_any_value_and_can_be_referred_to(raising):
    client = raising(boom(RuntimeError("phone 13812345678")))
    with structlog.testing.capture_logs() as log:
        answer = client.get("/api/v1/customer/?q=13812345678")
    (entry,) = log
    assert entry["error"] == "RuntimeError"
    assert entry["endpoint"] == "CustomerApi.get_list"
    assert answer.json["reference"] == entry["request_id"] == answer.headers["X-Request-ID"]
    assert "13812345678" not in repr(entry)


def test_an_error_page_that_breaks_does_not_hide_the_answer(portal, raising, monkeypatch):
    from app.core import shell

    client = raising(boom(Refusal("不行 <b>")))
    monkeypatch.setattr(shell, "frame", boom(RuntimeError("x")))
    monkeypatch.setattr(shell, "init_shell", None)
    answer = client.get("/customer/")
    assert answer.status_code == 422
    assert "不行 &lt;b&gt;" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/api/v1/nothing", 404),
        ("patch", "/api/v1/customer/", 405),
        ("get", "/api/v1/security/login", 405),
        ("get", "/api/v1/customer/", 401),
    ],
)
def test_the_api_answers_strangers_in_json_too(portal, method, path, status):
    answer = getattr(portal.test_client(), method)(path)
    assert answer.status_code == status
    assert {"message", "errors"} <= set(answer.json)


def test_too_large_a_body_is_413_in_json(portal):
    header = token(portal, "amy")
    portal.config["MAX_CONTENT_LENGTH"] = 100
    answer = portal.test_client().post("/api/v1/customer/", json={"name": "x" * 200}, headers=header)
    assert answer.status_code == 413
    assert {"message", "errors"} <= set(answer.json)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"username": 1, "password": 2}', b'"text"'])
def test_a_body_that_is_no_login_is_400(portal, body):
    answer = portal.test_client().post("/api/v1/security/login", data=body, content_type="application/json")
    assert answer.status_code == 400


def test_refusals_speak_the_callers_language(portal):
    wrong, english = {"username": "nobody", "password": "x"}, {"Accept-Language": "en-GB,zh;q=0.1"}
    answer = portal.test_client().post("/api/v1/security/login", json=wrong, headers=english)
    assert answer.json["message"] == "The user name or the password is not right."


# -- headers -----------------------------------------------------------------------------------------------------------


def test_pages_carry_the_headers_and_each_a_nonce_of_its_own(portal):
    client = enter(portal, "amy")
    first, second = client.get("/profile/"), client.get("/profile/")
    policy = first.headers["Content-Security-Policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy).group(1)
    assert f'nonce="{nonce}"' in first.get_data(as_text=True)
    assert nonce not in second.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert first.headers["X-Frame-Options"] == "DENY"
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert first.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in first.headers["Cache-Control"]
    assert "Strict-Transport-Security" not in first.headers
    assert "Strict-Transport-Security" in client.get("/login/", base_url="https://localhost").headers


def test_every_inline_script_of_a_page_may_run_and_no_style_is_inline(portal):
    client = enter(portal, "root")
    for path in ("/customer/", "/customer/add", "/profile/", "/password/", "/"):
        page = client.get(path).get_data(as_text=True)
        assert not re.search(r"<script(?![^>]*nonce=)", page), path
        assert not re.search(r"\sstyle=|<style", page), path
        assert not re.search(r"\son[a-z]+=\"", page), path


def test_programs_are_given_no_cookie(portal):
    answer = portal.test_client().get("/api/v1/customer/", headers=token(portal, "amy"))
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


# -- language ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [("", "zh"), ("fr", "zh"), ("en-US", "en"), ("x-y-z", "zh"), ("zh-CN,en;q=0.9", "zh"), ("fr,en-GB,zh;q=0.1", "en")],
)
def test_the_browser_is_asked_first(portal, asked, spoken):
    from flask_babel import get_locale

    with portal.test_request_context(headers={"Accept-Language": asked}):
        assert str(get_locale()) == spoken


def test_a_choice_is_kept_with_the_account(portal):
    client = enter(portal, "amy")
    assert (
        client.get("/lang/en", headers={"Referer": "http://localhost/profile/"})
        .headers["Location"]
        .endswith("/profile/")
    )
    with portal.app_context():
        assert accounts.state_of(row_id(User, username="amy")).locale == "en"
    fresh = enter(portal, "amy")
    with fresh.session_transaction() as cookie:
        assert cookie["locale"] == "en"
    assert '<html lang="en"' in fresh.get("/profile/").get_data(as_text=True)
    program = portal.test_client().get("/api/v1/customer/abc?size=x", headers=token(portal, "amy"))
    assert program.status_code == 404


def test_a_cookie_of_an_answer_under_way_does_not_undo_a_choice(portal):
    client = enter(portal, "amy")
    client.get("/lang/zh")
    client.get("/lang/en")
    with client.session_transaction() as cookie:  # as the counts of the menu bring it, when they were asked for before
        cookie["locale"] = "zh"
    assert '<html lang="en"' in client.get("/profile/").get_data(as_text=True)


def test_a_choice_before_signing_in_is_kept_too(portal):
    client = portal.test_client()
    client.get("/lang/en")
    assert client.post("/login/", data={"username": "amy", "password": "Plain-words-7"}).status_code == 302
    assert '<html lang="en"' in client.get("/profile/").get_data(as_text=True)
    with portal.app_context():
        assert accounts.state_of(row_id(User, username="amy")).locale == "en"


def test_an_unknown_language_is_404_and_a_stale_one_is_no_fault(portal):
    client = enter(portal, "amy")
    assert client.get("/lang/fr").status_code == 404
    with client.session_transaction() as cookie:
        cookie["locale"] = "fr"
    assert client.get("/profile/").status_code == 200


def test_a_language_leads_nowhere_else(portal):
    answer = portal.test_client().get("/lang/en", headers={"Referer": "https://evil.example/x"})
    assert "evil" not in answer.headers["Location"]


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "///evil.example", "javascript:x"])
def test_signing_in_leads_nowhere_else(portal, target):
    answer = portal.test_client().post(f"/login/?next={target}", data={"username": "amy", "password": "Plain-words-7"})
    assert answer.status_code == 302
    assert answer.headers["Location"] in ("/", "http://localhost/")


# -- cost and menu -----------------------------------------------------------------------------------------------------


def test_who_asks_and_what_he_may_costs_two_statements(portal):
    header = token(portal, "eve")
    with portal.app_context(), counted() as sent:
        assert portal.test_client().get("/api/v1/sample/", headers=header).status_code == 200
    assert sum("account_session" in s for s in sent) == 1
    assert sum("ab_permission_view_role" in s for s in sent) == 1


def test_the_menu_shows_what_one_may_read(portal):
    with portal.test_request_context("/customer/5"):
        shown = menu.menu_for(access.Access(1, 1, grants={("customer", "read"): frozenset()}))
    entries = {item["key"]: item for group in shown for item in group["items"]}
    assert "customer" in entries
    assert "complaint" not in entries
    assert entries["customer"]["active"]
    assert all(group["items"] for group in shown)


def test_every_area_of_a_register_has_a_name():
    from app.core.register import registers

    assert {register.area for register in registers().values()} <= set(menu.AREAS)
