"""Sign-ins, open sessions and the operation log, over HTTP on both databases."""

import datetime as dt
import io
import re
import zipfile

import pytest
import sqlalchemy as sa

from app.areas.customers.customer import Customer
from app.core import clock
from app.core.accounts import AccountSession
from app.core.db import session
from app.core.logins import LoginGuard
from app.engines.audit import log
from app.engines.people import signins
from app.engines.people.models import Employee
from app.engines.privacy.models import AccessLog
from app.screens.log_pages import device
from tests.both import company
from tests.portal import PASSWORD, counted, enter, row_id, token

__all__ = ["company"]

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
)
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 MicroMessenger/8.0 wxwork/4.1"


def text(answer):
    return answer.get_data(as_text=True)


def body(answer):
    return text(answer).split("<tbody>")[1].split("</tbody>")[0]


def book(answer):
    assert answer.status_code == 200, text(answer)
    sheet = zipfile.ZipFile(io.BytesIO(answer.data)).read("xl/worksheets/sheet1.xml").decode()
    return [re.findall(r"<t[^>]*>([^<]*)</t>", row) for row in re.findall(r"<row[^>]*>(.*?)</row>", sheet)]


@pytest.fixture(autouse=True)
def unguessed(company):
    with company.app_context():
        session.execute(sa.delete(LoginGuard.__table__))
        session.commit()


@pytest.mark.parametrize(
    ("agent", "words"),
    [(CHROME, "Chrome · Windows"), (PHONE, "· iPhone"), ("curl/8.5.0", "curl"), ("", ""), (None, ""),
     ("x" * 90, "x" * 40)],
)
def test_a_device_in_words(company, agent, words):
    with company.test_request_context():
        assert words in device(agent)


@pytest.mark.parametrize("path", ["/logins/", "/sessions/", "/operations/"])
@pytest.mark.parametrize(("name", "status"), [("root", 200), ("sys", 200), ("amy", 403), ("bob", 403)])
def test_the_logs_are_for_who_keeps_accounts(company, path, name, status):
    assert enter(company, name).get(path).status_code == status


def test_the_log_of_sign_ins_is_narrowed_and_taken_out(company):
    client = company.test_client()
    client.post("/login/", data={"username": "amy", "password": "wrong"}, headers={"User-Agent": CHROME})
    client.post("/login/", data={"username": "ann", "password": PASSWORD}, headers={"User-Agent": PHONE},
                environ_base={"REMOTE_ADDR": "10.9.8.7"})  # fmt: skip
    root, today = enter(company, "root"), clock.today().isoformat()
    assert "am…" in body(root.get("/logins/?event=failed"))
    assert "ann" not in body(root.get("/logins/?event=failed"))
    by_name = body(root.get("/logins/?q=安娜"))
    assert "ann" in by_name
    assert "10.9.8.7" in by_name
    assert "ann" in body(root.get("/logins/?address=10.9"))
    assert "ann" in body(root.get(f"/logins/?from={today}&to={today}&q=ann"))
    tomorrow = (clock.today() + dt.timedelta(days=1)).isoformat()
    assert "<tbody>" not in text(root.get(f"/logins/?from={tomorrow}"))
    for odd in ("event=nothing", "from=gestern", "to=2026-02-31"):
        assert root.get(f"/logins/?{odd}").status_code == 400, odd
    rows = book(root.get("/logins/export?event=failed&_l_=en"))
    assert rows[0][0] == "When"
    assert any("am…" in row and "Chrome · Windows" in row for row in rows[1:])
    with company.app_context():
        kept = session.scalars(sa.select(AccessLog).order_by(AccessLog.id.desc())).first()
        assert kept.facts["filters"]["event"] == "failed"
        assert kept.of_register == "access_log"


def test_sessions_are_seen_and_ended_singly_and_all(company):
    first, second = enter(company, "amy"), enter(company, "amy")
    program, admin = token(company, "amy"), enter(company, "sys")
    page = body(admin.get("/sessions/?q=amy"))
    with company.app_context():
        account = row_id(Employee, number="AMY")
        user = session.get(Employee, account).account_id
        sids = session.scalars(sa.select(AccountSession.sid).where(AccountSession.user_id == user)).all()
    assert not [sid for sid in sids if sid in text(admin.get("/sessions/"))], "the page gives a session's secret away"
    with first.session_transaction() as cookie:
        handle = signins.handle_of(cookie["sid"])
    assert f"/sessions/{user}/{handle}/end" in page
    assert admin.post(f"/sessions/{user}/{handle}/end").status_code == 302
    assert first.get("/profile/").status_code == 302
    assert second.get("/profile/").status_code == 200
    assert admin.post(f"/sessions/{user}/{handle}/end").status_code == 302  # ended already: nothing happens
    assert admin.post(f"/sessions/{user}/end_all").status_code == 302
    assert second.get("/profile/").status_code == 302
    assert company.test_client().get("/api/v1/customer/", headers=program).status_code == 401
    assert "session" in text(admin.get("/logins/?q=amy&_l_=en")).lower()


def test_ones_own_sessions(company):
    here, there = enter(company, "bob"), enter(company, "bob")
    page = text(here.get("/my_sessions/"))
    with there.session_transaction() as cookie:
        other = signins.handle_of(cookie["sid"])
    with here.session_transaction() as cookie:
        mine = signins.handle_of(cookie["sid"])
    assert f"/my_sessions/{other}/end" in page
    assert f"/my_sessions/{mine}/end" not in page
    assert here.post(f"/my_sessions/{other}/end").status_code == 302
    assert there.get("/profile/").status_code == 302
    third = enter(company, "bob")
    assert here.post("/my_sessions/end_others").status_code == 302
    assert third.get("/profile/").status_code == 302
    assert here.get("/profile/").status_code == 200


def test_nobody_ends_what_is_beyond_him(company):
    root, admin = enter(company, "root"), enter(company, "sys")
    with root.session_transaction() as cookie:
        handle = signins.handle_of(cookie["sid"])
    with company.app_context():
        employee = session.get(Employee, row_id(Employee, number="ROOT"))
        user = employee.account_id
    assert enter(company, "amy").post(f"/sessions/{user}/{handle}/end").status_code == 403
    refused = admin.post(f"/sessions/{user}/{handle}/end", headers={"Accept-Language": "en"})
    if refused.status_code == 302:  # the account of the test's root is an administrator by FAB's role only
        assert root.get("/profile/").status_code == 302
    else:
        assert refused.status_code == 403
    assert admin.post("/sessions/99999/nothing/end").status_code == 404


# -- operations --------------------------------------------------------------------------------------------------------


def change(company, name, number, value):
    client = enter(company, name)
    with company.app_context():
        pk = row_id(Customer, customer_no=number)
    answer = client.put(f"/api/v1/customer/{pk}", json=value)
    assert answer.status_code == 200, text(answer)
    return pk


def test_the_operation_log_tells_who_changed_what_and_masks(company):
    pk = change(company, "bob", "C-S", {"name": "改过一次", "contact_phone": "13711112222"})
    root = enter(company, "root")
    page = body(root.get(f"/operations/?register=customer&row={pk}"))
    assert "鲍勃" in page
    assert "改过一次" in page
    assert "13711112222" not in page
    assert "2222" in page
    assert "改过一次" in body(root.get("/operations/?q=鲍勃"))
    assert "改过一次" in body(root.get("/operations/?q=bob"))
    assert "改过一次" not in text(root.get("/operations/?q=nobody"))
    assert "改过一次" not in text(root.get("/operations/?register=employee"))
    today = clock.today().isoformat()
    assert "改过一次" in body(root.get(f"/operations/?from={today}&to={today}&kind=update"))
    for odd in ("register=nothing", "kind=x", "row=abc", "from=x"):
        assert root.get(f"/operations/?{odd}").status_code == 400, odd
    rows = book(root.get(f"/operations/export?register=customer&row={pk}&_l_=en"))
    assert any("改过一次" in row for row in rows)
    assert not any("13711112222" in str(cell) for row in rows for cell in row)


def test_what_is_beyond_ones_reach_shows_no_content(company):
    change(company, "bob", "C-S", {"name": "只给销售看"})
    page = enter(company, "sys").get("/operations/?register=customer", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert "只给销售看" not in text(page)
    assert "outside your reach" in text(page)
    rows = book(enter(company, "sys").get("/operations/export?register=customer"))
    assert len(rows) > 1
    assert not any("只给销售看" in str(cell) for row in rows for cell in row)


def test_closed_rows_are_not_even_told(company, monkeypatch):
    from app.core.register import registers

    closed = [slug for slug, one in registers().items() if one.closed and one.log]
    assert closed
    with company.app_context():
        session.execute(sa.insert(log._entries), [
            {"act": "x", "at": clock.now(), "register": slug, "record_id": 7, "kind": "update",
             "changes": {}, "params": {}, "clause": ""} for slug in closed
        ])  # fmt: skip
        session.commit()
    admin = enter(company, "sys")
    assert not re.search(r"<tbody>\s*<tr>", text(admin.get(f"/operations/?register={closed[0]}")))


def test_pages_cost_the_same_however_much_they_show(company):
    root = enter(company, "root")

    def statements(path):
        with company.app_context(), counted() as sent:
            assert root.get(path).status_code == 200
        return len(sent)

    few = statements("/operations/?register=holding&kind=create")
    for number in range(6):
        change(company, "bob", "C-S", {"name": f"第{number}次"})
    many = statements("/operations/?register=customer")
    assert abs(many - few) <= 1, (few, many)
    assert statements("/logins/") <= 12
    assert statements("/sessions/") <= 12
