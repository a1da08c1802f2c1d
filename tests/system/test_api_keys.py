"""API keys over HTTP: never more than the account may, only what the scopes hold, ended at once, guessed by nobody."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.accounts import LoginEvent
from app.core.db import session
from app.core.logins import LoginGuard
from app.engines.audit.models import AuditEntry
from app.engines.people.api_keys import MOST, AccountKey
from app.engines.people.models import Employee
from tests.both import company
from tests.portal import enter, row_id

__all__ = ["company"]

CUSTOMER = {"customer_no": "K-{scope}", "name": "新客户", "contact_phone": "13900001111"}


def text(answer):
    return answer.get_data(as_text=True)


def make(client, name, *scopes, **more):
    """A key made on the screen, as it is shown once."""
    shown = client.post("/keys/", data={"name": name, "scope": list(scopes)} | more)
    assert shown.status_code == 200, text(shown)
    return re.search(r'id="new-key">(kz_[^<]+)<', text(shown)).group(1)


def by(key):
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture
def call(company):
    """Call as a program: ``call(key, method, path, body)``; cookies are nobody's."""

    def act(key, method, path, body=None, **more):
        return company.test_client().open(path, method=method, headers=by(key), json=body, buffered=True, **more)

    return act


@pytest.fixture(autouse=True)
def unguessed(company):
    """Every test begins without earlier attempts."""
    with company.app_context():
        session.execute(sa.delete(LoginGuard.__table__))
        session.commit()


def customer_of(company, number="C-S"):
    with company.app_context():
        return row_id_of(number)


def row_id_of(number):
    from app.areas.customers.customer import Customer

    return row_id(Customer, customer_no=number)


ROUTES = [  # method, path, body, the scope that opens it, what it answers then
    ("GET", "/api/v1/customer/", None, "customer:read", 200),
    ("GET", "/api/v1/customer/{pk}", None, "customer:read", 200),
    ("GET", "/api/v1/customer/{pk}/explain", None, "customer:read", 200),
    ("PUT", "/api/v1/customer/{pk}", {"name": "改名公司"}, "customer:write", 200),
    ("POST", "/api/v1/customer/", CUSTOMER, "customer:write", 201),
    ("POST", "/api/v1/complaint/999/move/submit", {}, "complaint:move", 404),
    ("GET", "/api/v1/complaint/", None, "complaint:read", 200),
    ("POST", "/api/v1/exports/customer", {"reason": "月度核对客户资料"}, "customer:export", 200),
    ("GET", "/api/v1/imports/customer/template", None, "customer:import", 200),
]  # fmt: skip
GRANTS = {"customer:read", "customer:write", "complaint:move", "complaint:read", "customer:export", "customer:import"}


@pytest.fixture
def manager(company):
    """Bob, who manages sales, as a browser; and what his roles let him give to a key."""
    client = enter(company, "bob")
    page = text(client.get("/keys/"))
    yield client, set(re.findall(r'name="scope" value="([a-z_]+:[a-z]+)"', page))
    with company.app_context():
        session.execute(sa.text("DELETE FROM account_key"))
        session.commit()


@pytest.mark.parametrize("scope", sorted(GRANTS))
def test_a_route_opens_by_its_scope_and_by_no_other(company, manager, call, scope):
    client, offered = manager
    assert scope in offered, "the role of this person gives it"
    pk, key = customer_of(company), make(client, scope, scope)
    slug, _colon, act = scope.partition(":")
    held = {scope, f"{slug}:read", *([f"{slug}:write"] if act == "import" else [])}
    for method, path, body, needed, opened in ROUTES:
        sent = body and {name: value.format(scope=scope) for name, value in body.items()}
        answer = call(key, method, path.format(pk=pk), sent)
        if needed in held:
            assert answer.status_code == opened, (path, text(answer))
        else:
            assert answer.status_code == 403, (path, answer.status_code)
            assert scope in answer.json["message"], answer.json  # the key's name stands in the sentence


def test_the_routes_are_given_at_all(manager):
    """What the table above walks is what this person has: nothing of it is passed over by accident."""
    _client, offered = manager
    assert {"customer:read", "customer:write", "customer:export", "complaint:read"} <= offered


def test_reading_everything_one_may_and_nothing_else(company, manager, call):
    client, _offered = manager
    key, pk = make(client, "报表", all="1"), customer_of(company)
    assert call(key, "GET", "/api/v1/customer/").status_code == 200
    assert call(key, "GET", "/api/v1/_openapi").json["components"]["securitySchemes"].keys() == {"jwt", "api_key"}
    assert call(key, "GET", "/api/v1/lookup/customer?q=C").json["results"]
    assert call(key, "PUT", f"/api/v1/customer/{pk}", {"name": "x"}).status_code == 403
    assert call(key, "POST", "/api/v1/exports/customer", {"reason": "核对"}).status_code == 403
    assert call(key, "GET", "/api/v1/account_key/").status_code == 403  # his roles do not open it
    assert call(key, "POST", "/api/v1/approval/1/approve", {}).status_code == 403
    assert call(key, "POST", f"/api/v1/customer/{pk}/reveal/contact_phone", {"reason": "回访客户"}).status_code == 403


def test_rows_are_those_of_the_account(company, manager, call):
    client, _offered = manager
    key = make(client, "行", "customer:read", "customer:write")
    numbers = {row["customer_no"] for row in call(key, "GET", "/api/v1/customer/").json["result"]}
    assert "C-S" in numbers
    assert "C-Q" not in numbers
    foreign = customer_of(company, "C-Q")
    assert call(key, "GET", f"/api/v1/customer/{foreign}").status_code == 404
    assert call(key, "PUT", f"/api/v1/customer/{foreign}", {"name": "x"}).status_code == 404


def test_an_administrators_key_is_no_administrator(company, call):
    root = enter(company, "root")
    key = make(root, "同步", "customer:read", "sweep_job:read")
    assert call(key, "GET", "/api/v1/customer/").json["count"] >= 2
    assert call(key, "GET", "/api/v1/employee/").status_code == 403
    assert call(key, "POST", "/api/v1/sweep/audit.seal/run", {}).status_code == 403
    assert call(key, "PUT", f"/api/v1/customer/{customer_of(company)}", {"name": "x"}).status_code == 403


def test_a_key_opens_no_screen_and_no_session(company, manager, call):
    client, _offered = manager
    key = make(client, "屏幕", all="1")
    for path in ("/", "/customer/", "/keys/", "/profile/", "/password/", "/roles/"):
        assert call(key, "GET", path).status_code == 403, path
    assert call(key, "POST", "/keys/", None).status_code == 403
    assert call(key, "POST", "/api/v1/security/refresh").status_code == 401
    assert "Set-Cookie" not in call(key, "GET", "/api/v1/customer/").headers


def test_nobody_gives_more_than_he_has(company):
    amy = enter(company, "amy")
    for scopes, _sentence in (
        (["account_key:write"], "account_key"), (["customer:reveal"], "reveal"), (["nothing:read"], "nothing"), ([], "")
    ):
        refused = amy.post("/keys/", data={"name": "多", "scope": scopes})
        assert refused.status_code == 422, scopes
    refused = amy.post("/keys/", data={"name": "", "scope": ["customer:read"], "expires_on": "yesterday"})
    assert refused.status_code == 422
    assert 'value="customer:read" checked' in text(refused), "what was ticked is lost"
    past = (clock.today() - dt.timedelta(days=1)).isoformat()
    assert amy.post("/keys/", data={"name": "旧", "all": "1", "expires_on": past}).status_code == 422


def test_what_the_account_loses_the_key_loses(company, manager, call):
    client, _offered = manager
    key = make(client, "降权", "customer:read")
    assert call(key, "GET", "/api/v1/customer/").status_code == 200
    with company.app_context():
        held = sa.text("UPDATE holding SET valid_to = :day, valid_from = :day WHERE owner_id = :who")
        who = row_id(Employee, number="BOB")
        query = sa.text("SELECT id, valid_from FROM holding WHERE owner_id = :who")
        before = session.execute(query, {"who": who}).all()
        session.execute(held, {"day": (clock.today() - dt.timedelta(days=1)).isoformat(), "who": who})
        session.commit()
    assert call(key, "GET", "/api/v1/customer/").status_code == 403
    with company.app_context():
        for pk, first in before:
            session.execute(sa.text("UPDATE holding SET valid_to = NULL, valid_from = :day WHERE id = :pk"),
                            {"day": first, "pk": pk})
        session.commit()


def test_an_ended_revoked_or_locked_key_is_401_with_its_sentence(company, manager, call):
    client, _offered = manager
    key, other = make(client, "到期", all="1", expires_on=clock.today().isoformat()), make(client, "撤销", all="1")
    assert call(key, "GET", "/api/v1/customer/").status_code == 200
    with clock.freeze(clock.now() + dt.timedelta(days=2)):
        ended = company.test_client().get("/api/v1/customer/?_l_=en", headers=by(key))
    assert ended.status_code == 401
    assert "ended on" in ended.json["message"]
    pk = _id(company, name="撤销")
    assert client.post(f"/keys/{pk}/revoke").status_code == 302
    assert call(other, "GET", "/api/v1/customer/").status_code == 401
    assert "撤销" in text(client.get("/keys/"))
    root = enter(company, "root")
    with company.app_context():
        bob = row_id(Employee, number="BOB")
    root.post(f"/people/{bob}/lock")
    locked = call(key, "GET", "/api/v1/customer/")
    root.post(f"/people/{bob}/unlock")
    assert locked.status_code == 401
    assert call(key, "GET", "/api/v1/customer/").status_code == 200


def _id(company, **found_by):
    with company.app_context():
        return row_id(AccountKey, **found_by)


def test_wrong_keys_are_counted_like_wrong_passwords(company, manager, call):
    client, _offered = manager
    key = make(client, "猜", all="1")
    ident = key.split("_")[1]
    answers = [call(f"kz_{ident}_wrong{n}", "GET", "/api/v1/customer/").status_code for n in range(6)]
    assert answers == [401] * 5 + [429]
    assert call(key, "GET", "/api/v1/customer/").status_code == 429  # as with a password that comes too late
    with clock.freeze(clock.now() + dt.timedelta(minutes=16)):
        assert call(key, "GET", "/api/v1/customer/").status_code == 200
    unknown = [call(f"kz_nothere{n}_x", "GET", "/api/v1/customer/").status_code for n in range(6)]
    assert unknown == [401] * 5 + [429]
    for odd in ("kz_", "kz__", "kz_é", "kz_" + "x" * 3000):
        assert call(odd, "GET", "/api/v1/customer/").status_code == 429


def test_only_a_hash_is_kept_and_nothing_shows_it(company, manager, call):
    client, _offered = manager
    key = make(client, "藏", all="1")
    assert key not in text(client.get("/keys/"))
    with company.app_context():
        row = session.execute(sa.text("SELECT * FROM account_key WHERE name = '藏'")).one()
        told = session.scalars(sa.select(AuditEntry).where(AuditEntry.register == "account_key")).all()
        digest = row._mapping["digest"]
        assert key.partition("_")[2].partition("_")[2] not in str(row)
        assert told
        assert digest not in str([entry.changes for entry in told])
    shown = enter(company, "root").get("/api/v1/account_key/")
    assert shown.status_code == 200
    assert digest not in text(shown)


def test_use_and_writes_are_kept(company, manager, call):
    client, _offered = manager
    key, pk = make(client, "记账", "customer:write"), customer_of(company)
    assert call(key, "PUT", f"/api/v1/customer/{pk}", {"name": "由程序改名"}).status_code == 200
    with company.app_context():
        used = session.get(AccountKey, row_id(AccountKey, name="记账"))
        assert dt.timedelta(0) <= clock.now() - used.last_used_at < dt.timedelta(minutes=5)
        assert used.last_used_from == "127.0.0.1"
        query = sa.select(AuditEntry).where(AuditEntry.register == "customer", AuditEntry.record_id == pk)
        entry = session.scalars(query.order_by(AuditEntry.id.desc())).first()
        assert entry.params["api_key"] == "记账"
        assert entry.account_id == used.account_id
        events = session.scalars(sa.select(LoginEvent.event)).all()
        assert {"key_made"} <= set(events)
    assert "记账" in text(client.get(f"/customer/{pk}"))


def test_the_administrator_sees_all_keys_and_revokes_one(company, manager, call):
    client, _offered = manager
    key = make(client, "别人的", all="1")
    pk, admin = _id(company, name="别人的"), enter(company, "sys")
    assert "别人的" in text(admin.get("/account_key/"))
    assert f"/keys/{pk}/revoke" in text(admin.get(f"/account_key/{pk}"))
    assert enter(company, "amy").post(f"/keys/{pk}/revoke").status_code == 404
    assert enter(company, "amy").get("/account_key/").status_code == 403
    assert admin.post(f"/keys/{pk}/revoke").headers["Location"].endswith(f"/account_key/{pk}")
    assert call(key, "GET", "/api/v1/customer/").status_code == 401


def test_an_account_has_so_many_keys_and_each_name_once(company, manager):
    client, _offered = manager
    for number in range(MOST):
        make(client, f"第{number}把", all="1")
    assert client.post("/keys/", data={"name": "再一把", "all": "1"}).status_code == 422
    assert client.post("/keys/", data={"name": "第1把", "all": "1"}).status_code == 422
