"""Signing in and out: attempts, sessions, tokens, passwords."""

import datetime as dt

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.core import accounts, clock, logins
from app.core.accounts import AccountSession, LoginEvent
from app.core.db import session
from app.core.errors import Refusal
from app.engines.people import operations as people
from app.engines.people.models import Employee
from tests.portal import PASSWORD, enter, portal, row_id, token

__all__ = ["portal"]


def try_page(app, username, password):
    return app.test_client().post("/login/", data={"username": username, "password": password})


def try_token(app, username, password):
    return app.test_client().post("/api/v1/security/login", json={"username": username, "password": password})


@pytest.mark.parametrize("attempt", [try_page, try_token])
@pytest.mark.parametrize("name", ["amy", "nobody"])
def test_five_wrong_passwords_lock_a_name_whether_it_exists_or_not(portal, attempt, name):
    answers = [attempt(portal, name, "wrong") for _n in range(6)]
    assert [a.status_code for a in answers] == [401] * 5 + [429]
    assert attempt(portal, name, PASSWORD).status_code == 429


def test_unknown_name_wrong_password_and_closed_account_read_the_same(portal):
    with portal.app_context():
        accounts.set_active(session.get_one(User, row_id(User, username="bob")), False)
        session.commit()
    said = {
        try_token(portal, name, word).get_data()
        for name, word in (("nobody", PASSWORD), ("amy", "wrong"), ("bob", PASSWORD))
    }
    assert len(said) == 1


def test_a_lock_counts_pages_and_tokens_together_and_passes_after_a_while(portal):
    for _n in range(3):
        try_page(portal, "amy", "wrong")
    for _n in range(2):
        try_token(portal, "AMY", "wrong")
    assert try_page(portal, "amy", PASSWORD).status_code == 429
    with clock.freeze(clock.now() + dt.timedelta(minutes=16)):
        assert try_page(portal, "amy", PASSWORD).status_code == 302


def test_a_right_password_forgets_the_wrong_ones(portal):
    for _round in range(3):
        for _n in range(4):
            assert try_page(portal, "amy", "wrong").status_code == 401
        assert try_page(portal, "amy", PASSWORD).status_code == 302


def test_attempts_are_counted_before_the_password_is_looked_at(portal, monkeypatch):
    """Five attempts under way at once leave no room for a sixth."""
    with portal.test_request_context():
        for _n in range(5):
            logins.count_attempt("amy")
        with pytest.raises(logins.LockedOut):
            logins.sign_in("amy", PASSWORD, logins.BROWSER)


def test_an_unknown_name_costs_a_hash_too(portal, monkeypatch):
    checked = []
    monkeypatch.setattr(logins, "check_password_hash", lambda stored, word: checked.append(stored) or False)
    try_page(portal, "nobody", "x")
    try_page(portal, "amy", "x")
    assert len(checked) == 2
    assert checked[0].split("$")[0] == checked[1].split("$")[0]


def test_a_cookie_does_not_outlive_its_sign_out_but_other_browsers_stay(portal):
    here, there = enter(portal, "amy"), enter(portal, "amy")
    kept = here.get_cookie("kezhi").value
    assert here.get("/profile/").status_code == 200
    assert here.post("/logout/").status_code == 302
    replay = portal.test_client()
    replay.set_cookie("kezhi", kept)
    assert "/login/" in replay.get("/profile/").headers["Location"]
    assert there.get("/profile/").status_code == 200


def test_signing_out_takes_a_post(portal):
    client = enter(portal, "amy")
    assert client.get("/logout/").status_code == 405
    assert client.get("/profile/").status_code == 200


def change_password(client, new="Other-words-8"):
    return client.post("/password/", data={"old": PASSWORD, "password": new, "again": new})


def test_a_new_password_ends_other_sessions_and_tokens(portal):
    here, there = enter(portal, "amy"), enter(portal, "amy")
    header = token(portal, "amy")
    assert change_password(here).status_code == 302
    assert here.get("/profile/").status_code == 200
    assert there.get("/profile/").status_code == 302
    assert portal.test_client().get("/api/v1/customer/", headers=header).status_code == 401
    assert try_page(portal, "amy", PASSWORD).status_code == 401


def test_a_stolen_session_does_not_guess_the_password_at_leisure(portal):
    client = enter(portal, "amy")
    form = {"password": "Other-words-8", "again": "Other-words-8"}
    for _n in range(3):
        assert client.post("/password/", data={"old": "x", "password": "weak", "again": "weak"}).status_code == 422
    said = [client.post("/password/", data=form | {"old": f"guess {n}"}).get_data(as_text=True) for n in range(6)]
    assert said[4] != said[5]
    client.post("/password/", data=form | {"old": PASSWORD})
    assert try_page(portal, "amy", "Other-words-8").status_code == 429


@pytest.mark.parametrize("act", [people.lock, people.sign_out, people.reset_password])
def test_an_administrator_ends_sessions_and_tokens(portal, act):
    client, header = enter(portal, "amy"), token(portal, "amy")
    assert portal.test_client().get("/api/v1/customer/", headers=header).status_code == 200
    with portal.app_context():
        act(session.get_one(Employee, row_id(Employee, number="AMY")))
        session.commit()
    assert client.get("/profile/").status_code == 302
    assert portal.test_client().get("/api/v1/customer/", headers=header).status_code == 401


def test_a_renewal_token_renews_until_the_session_ends(portal):
    given = (
        portal.test_client()
        .post("/api/v1/security/login", json={"username": "amy", "password": PASSWORD, "refresh": True})
        .json
    )
    renewal = {"Authorization": f"Bearer {given['refresh_token']}"}
    client = portal.test_client()
    renewed = client.post("/api/v1/security/refresh", headers=renewal)
    header = {"Authorization": f"Bearer {renewed.json['access_token']}"}
    assert client.get("/api/v1/customer/", headers=header).status_code == 200
    assert client.get("/api/v1/customer/", headers=renewal).status_code == 401
    with portal.app_context():
        accounts.end_sessions(row_id(User, username="amy"))
        session.commit()
    assert client.post("/api/v1/security/refresh", headers=renewal).status_code == 401


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "Bearer a.b.c"])
def test_a_broken_token_is_401_in_our_shape_even_beside_a_good_cookie(portal, header):
    answer = enter(portal, "amy").get("/api/v1/customer/", headers={"Authorization": header})
    assert answer.status_code == 401
    assert set(answer.json) == {"message", "errors"}


def test_a_token_of_a_stranger_to_the_session_is_refused(portal):
    from flask_jwt_extended import create_access_token

    with portal.app_context():
        sid = session.scalars(sa.select(AccountSession.sid)).first()
        assert sid is None
    token(portal, "amy")
    with portal.app_context():
        sid = session.scalars(sa.select(AccountSession.sid)).one()
        forged = create_access_token(str(row_id(User, username="bob")), additional_claims={"sid": sid})
    answer = portal.test_client().get("/api/v1/customer/", headers={"Authorization": f"Bearer {forged}"})
    assert answer.status_code == 401


def test_a_password_set_by_another_must_be_changed_first(portal):
    with portal.app_context():
        given = people.reset_password(session.get_one(Employee, row_id(Employee, number="AMY")))
        session.commit()
    client = enter(portal, "amy", given)
    for path in ("/", "/customer/", "/profile/"):
        assert client.get(path).headers["Location"].endswith("/password/")
    assert client.get("/api/v1/customer/").status_code == 403
    assert try_token(portal, "amy", given).status_code == 403
    new = "Other-words-8"
    assert client.post("/password/", data={"old": given, "password": new, "again": new}).status_code == 302
    assert client.get("/profile/").status_code == 200


@pytest.mark.parametrize(
    ("password", "fits"),
    [
        ("Short-1", False),
        ("alllowercase", False),
        ("lowercase1234", False),
        ("Amy-2024-Amy", False),
        ("aaaaaaaA1111", False),
        ("Plain-words", True),
        ("中文密码Zh-2024x", True),
        ("x" * 129 + "A1", False),
    ],
)
def test_the_rule_for_passwords(portal, password, fits):
    with portal.test_request_context():
        if fits:
            accounts.check_password(password, "amy")
            return
        with pytest.raises(Refusal):
            accounts.check_password(password, "amy")


def test_every_way_to_set_a_password_keeps_the_rule(portal):
    with portal.app_context():
        manager, user = portal.appbuilder.sm, session.get_one(User, row_id(User, username="amy"))
        with pytest.raises(Refusal):
            manager.reset_password(user.id, "weak")
        with pytest.raises(Refusal):
            manager.add_user("new", "N", "N", "n@example.com", password="weak")
    answer = change_password(enter(portal, "amy"), "weak")
    assert answer.status_code == 422
    assert enter(portal, "amy")


def test_the_log_tells_what_happened_and_keeps_no_name_that_might_be_a_password(portal):
    try_page(portal, "My-Secret-Word-1", "x")
    enter(portal, "amy")
    with portal.app_context():
        log = session.execute(sa.select(LoginEvent.event, LoginEvent.name).order_by(LoginEvent.id.desc())).all()
    assert [tuple(line) for line in log[:2]] == [("signed_in", "amy"), ("failed", "My…")]


def test_the_sweep_forgets_what_has_ended(portal):
    enter(portal, "amy")
    try_page(portal, "nobody", "x")
    with portal.app_context():
        assert logins.tidy(clock.now()) == 0
        assert logins.tidy(clock.now() + dt.timedelta(days=1)) == 2


def test_a_one_time_password_never_holds_a_short_user_name(portal):
    """One letter stands in a fifth of all random passwords; opening and resetting still always succeed."""
    with portal.app_context():
        amy = session.scalars(sa.select(Employee).where(Employee.number == "AMY")).one()
        session.get_one(User, amy.account_id).username = "x"
        session.flush()
        for _n in range(30):
            assert "x" not in people.reset_password(amy).lower()
        assert all("k" not in accounts.one_time_password("K").lower() for _n in range(30))


def test_a_one_time_password_never_holds_the_user_name(monkeypatch):
    """Short names turn up in random letters; such a password would be refused to the administrator."""
    letters = iter("Trumpet-7-QC-9" + "Nine-Lamps-7-z")
    monkeypatch.setattr(accounts.secrets, "choice", lambda _alphabet: next(letters))
    assert accounts.one_time_password("qc") == "Nine-Lamps-7-z"
