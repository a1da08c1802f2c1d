"""Messages over HTTP, as each role uses them, on both databases; the mail server and the robots are real ones."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.core import clock
from app.core.db import session
from app.engines.audit.models import AuditEntry
from app.engines.notifications.announcement import Announcement
from app.engines.notifications.models import MessageHours, MessageWish, OutboxMessage
from app.engines.notifications.operations import notify
from app.engines.notifications.ways import MessageChannel
from app.engines.people.models import Employee, OrgUnit
from app.engines.sweeps import operations as sweeps
from tests.both import company
from tests.outside import certified, mail_server, robots
from tests.portal import enter, row_id

__all__ = ["company"]
MAIL = {"name": "公司邮件", "host": "localhost", "guard": "plain", "sender": "portal@kezhi.cn", "sender_name": "客制"}
LATE = {"zh": "%(case)s 已逾期", "en": "%(case)s is late"}
TOKEN, SECRET = "693a91f6-7e0b-4bc4", "SECgeheim77"


@pytest.fixture(scope="module")
def portal(company):
    with company.app_context():
        for name in ("amy", "bob"):
            session.scalars(sa.select(User).filter_by(username=name)).one().email = f"{name}@kezhi.cn"
        session.commit()
        sweeps.sync()
        session.remove()
    return company


@pytest.fixture
def clean(portal):
    """No message and no way out of an earlier test."""
    with portal.app_context():
        for model in (OutboxMessage, MessageWish, MessageHours, MessageChannel, Announcement):
            session.connection().execute(sa.delete(model.__table__))
        session.commit()
    return portal


@pytest.fixture
def outside(tmp_path, monkeypatch):
    known, context = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(known))
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return context


def text(answer):
    return answer.get_data(as_text=True)


def shown(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return text(answer)


def sweep(portal):
    with portal.app_context():
        outcome = sweeps.run("messages.send", clock.now())
        session.remove()
    assert outcome.error is None
    return outcome.counts


def tell(portal, *numbers, event="deadline.late:1"):
    with portal.app_context():
        told = [row_id(Employee, number=number) for number in numbers]
        notify(event, told, LATE, {"case": "251031"}, url="/profile/")
        session.commit()


def english(portal, name):
    client = enter(portal, name)
    client.get("/lang/en")
    return client


def only_way(portal):
    with portal.app_context():
        return row_id(MessageChannel)


# -- channels and outbox -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/messages/", "/messages/add/mail", "/outbox/", "/message_settings/"])
def test_administrators_alone_look_here(clean, path):
    found = {name: enter(clean, name).get(path).status_code for name in ("root", "sys", "amy", "bob")}
    assert found == {"root": 200, "sys": 200, "amy": 403, "bob": 403}


def test_a_mail_server_is_set_up_tried_and_used(clean, outside):
    client = english(clean, "sys")
    with mail_server(outside, "plain") as box:
        form = MAIL | {"port": str(box.port)}
        assert client.post("/messages/add/mail", data=form).status_code == 302
        way = only_way(clean)
        client.post(f"/messages/{way}/try", data={"to": "it@kezhi.cn"})
        assert "On its way" in shown(client, "/messages/")
        assert box.letters == []
        sweep(clean)
        page = shown(client, "/messages/")
        assert "Arrived" in page
        assert "i***@kezhi.cn" in page
        assert box.envelopes[0][1] == ["it@kezhi.cn"]
        client.post(f"/messages/{way}/switch?on=yes")
        tell(clean, "AMY", "ANN", event="meeting.emergency:1")
        assert sweep(clean)["sent"] == 1
        assert box.envelopes[1][1] == ["amy@kezhi.cn"]
    outbox = shown(client, "/outbox/")
    assert "艾*" in outbox
    assert "艾米" not in outbox
    assert "251031" not in outbox
    assert outbox.count("Emergencies") > 1


def test_what_does_not_fit_is_refused_and_stays_typed(clean):
    client = english(clean, "sys")
    wrongs = {
        "username": "x", "sender": "nobody", "port": "70000", "host": "", "guard": "none",
    }
    for field, value in wrongs.items():
        answer = client.post("/messages/add/mail", data=MAIL | {"port": "25", field: value})
        assert answer.status_code == 422, field
        assert "公司邮件" in text(answer)
    assert client.post("/messages/add/mail", data=MAIL | {"port": "25"}).status_code == 302
    again = client.post("/messages/add/mail", data=MAIL | {"port": "25"})
    assert "There is a mail server already" in text(again)
    assert client.get("/messages/add/pigeon").status_code == 404
    assert client.get("/messages/99999/edit").status_code == 404


@pytest.mark.parametrize(
    ("sort", "hook"),
    [
        ("wecom", "http://robots.example/?key=1"), ("wecom", "https://robots.example/"), ("dingtalk", "nonsense"),
        ("feishu", "https://robots.example/hook/"), ("dingtalk", "https://a:b@robots.example/?access_token=1"),
        ("wecom", "https://robots.example:99999/?key=1"),
    ],
)
def test_an_address_that_is_no_robot_s_is_refused(clean, sort, hook):
    answer = english(clean, "sys").post(f"/messages/add/{sort}", data={"name": "群", "hook": hook})
    assert answer.status_code == 422
    assert hook not in text(answer)


def test_a_robot_s_secrets_are_never_shown_again(clean, outside):
    client = english(clean, "sys")
    with clean.app_context():
        unit = row_id(OrgUnit, code="S")
    with robots(outside) as double:
        form = {
            "name": "销售群", "hook": double.hook(f"/robot/send?access_token={TOKEN}"), "secret": SECRET,
            "unit_ids": str(unit), "language": "en", "kinds": "alert",
        }
        assert client.post("/messages/add/dingtalk", data=form).status_code == 302
        way = only_way(clean)
        pages = (
            "/messages/", f"/messages/{way}/edit", f"/message_channel/{way}", f"/api/v1/message_channel/{way}",
            "/api/v1/message_channel/", f"/message_channel/{way}/print",
        )
        for path in pages:
            found = shown(client, path)
            assert TOKEN not in found
            assert SECRET not in found
        assert 'value="alert" checked' in shown(client, f"/messages/{way}/edit")
        kept = client.post(f"/messages/{way}/edit", data={"name": "销售一群", "unit_ids": str(unit), "kinds": "alert"})
        assert kept.status_code == 302
        client.post(f"/messages/{way}/switch?on=yes")
        tell(clean, "AMY", "BOB", "ANN", event="meeting.emergency:3")  # at night too
        assert sweep(clean)["sent"] == 1
        ((_path, query, body),) = double.posts
        assert query["access_token"] == [TOKEN]
        assert "sign" in query
        assert "251031" in body["text"]["content"]
    with clean.app_context():
        entries = session.scalars(sa.select(AuditEntry).filter_by(register="message_channel"))
        trail = str([row.changes for row in entries])
        assert "销售一群" in trail
        assert TOKEN not in trail
        assert SECRET not in trail


def test_a_robot_that_carries_nothing_is_not_switched_on(clean):
    client = english(clean, "sys")
    form = {"name": "群", "hook": "https://robots.example/?key=1"}
    client.post("/messages/add/wecom", data=form)
    way = only_way(clean)
    client.post(f"/messages/{way}/switch?on=yes")
    assert "Say first whose messages the robot carries." in shown(client, "/messages/")


def test_what_was_given_up_is_tried_again(clean, outside):
    client = english(clean, "sys")
    with mail_server(outside, "plain") as box:
        client.post("/messages/add/mail", data=MAIL | {"port": str(box.port)})
        client.post(f"/messages/{only_way(clean)}/switch?on=yes")
        box.refused["amy@kezhi.cn"] = "550 unknown"
        tell(clean, "AMY", event="meeting.emergency:2")
        sweep(clean)
        page = shown(client, "/outbox/?state=failed")
        assert "The server refused the address: 550 unknown" in page
        box.refused.clear()
        retry = re.search(r"/outbox/\d+/retry", page)[0]
        assert enter(clean, "bob").post(retry).status_code == 403
        assert client.post(retry).status_code == 302
        assert client.post(retry).status_code == 404
        assert sweep(clean)["sent"] == 1
    assert len(box.letters) == 1
    assert "Try all of them again" not in shown(client, "/outbox/")


@pytest.mark.parametrize("asked", ["state=lost", "way=pigeon", "kind=x", "before=x", "before=99999999999999999999"])
def test_the_outbox_knows_what_it_does_not_know(clean, asked):
    assert enter(clean, "sys").get(f"/outbox/?{asked}").status_code == 400


def test_settings_are_changed_within_their_bounds(clean):
    client = english(clean, "sys")
    fields = {
        "gather_minutes": "5", "digest_at": "09:00", "quiet_from": "", "quiet_to": "", "attempts": "3",
        "wait_minutes": "2", "timeout_seconds": "10", "stale_hours": "24", "most": "20", "remind_minutes": "30",
    }
    wrongs = ({"digest_at": "25:00"}, {"quiet_from": "22:00"}, {"attempts": "0"}, {"most": ""}, {"digest_at": "soon"})
    for wrong in wrongs:
        answer = client.post("/message_settings/change", data=fields | wrong)
        assert answer.status_code == 422, wrong
    assert client.post("/message_settings/change", data=fields).status_code == 302
    page = shown(client, "/message_settings/")
    assert "09:00" in page
    assert "Shipped: 08:30" in page
    assert enter(clean, "bob").post("/message_settings/change", data=fields).status_code == 403
    rules = {f"mail.{kind}": "now" for kind in ("due", "late", "study")} | {"urgent.late": "true"}
    assert client.post("/message_settings/rules", data=rules).status_code == 422  # not every kind was said


# -- a person's notices ------------------------------------------------------------------------------------------------


def test_a_notice_is_read_once_it_was_opened(clean):
    tell(clean, "AMY", "BOB")
    client = english(clean, "amy")
    page = shown(client, "/notices/")
    address = re.search(r"/notices/\d+/open", page)[0]
    assert enter(clean, "bob").get(address).status_code == 404
    assert client.get(address).headers["Location"].endswith("/profile/")
    assert "read " in shown(client, "/notices/")
    assert "No notices" in shown(client, "/notices/?unread=1")
    assert client.get("/notices/99999999999999999999/open").status_code == 404


def test_notices_are_found_by_kind_and_paged(clean):
    for n in range(60):
        tell(clean, "AMY", event=f"deadline.late:{n}")
    tell(clean, "AMY", event="study:1")
    client = english(clean, "amy")
    first = shown(client, "/notices/?kind=late")
    assert first.count("is late") == 50
    assert "Case studies (1)" in first
    older = re.search(r'href="([^"]*before=\d+[^"]*)"', first)[1].replace("&amp;", "&")
    assert shown(client, older).count("is late") == 10
    assert client.get("/notices/?kind=x").status_code == 400
    assert client.get("/notices/?before=x").status_code == 400
    client.post("/notices/read")
    assert "No notices" in shown(client, "/notices/?unread=1")


def test_wishes_are_kept_and_bounded(clean):
    client = english(clean, "amy")
    assert "In the daily summary" in shown(client, "/notices/wishes")
    every = {f"mail.{kind}": "now" for kind in ("late", "due", "task")} | {"in_app.study": "off", "mail.study": "off"}
    refused = client.post("/notices/wishes", data=every | {"in_app.late": "off"})
    assert refused.status_code == 422
    assert "always stands among your notices" in text(refused)
    assert client.post("/notices/wishes", data=every | {"mail.late": "pigeon"}).status_code == 422
    assert client.post("/notices/wishes", data=every | {"quiet_from": "22:00"}).status_code == 422


def test_what_somebody_wishes_not_to_see_is_not_shown(clean):
    client = english(clean, "amy")
    page = shown(client, "/notices/wishes")
    form = dict.fromkeys(re.findall(r'name="((?:mail|in_app)\.\w+)"', page), "now")
    form |= {"in_app.study": "off", "digest_at": "17:30", "quiet_from": "12:00", "quiet_to": "13:30"}
    assert client.post("/notices/wishes", data=form).status_code == 302
    tell(clean, "AMY", event="study:2")
    assert "is late" not in shown(client, "/notices/")
    assert 'value="17:30"' in shown(client, "/notices/wishes")
    with clean.app_context():
        kept = {(one.kind, one.channel, one.mode) for one in session.scalars(sa.select(MessageWish))}
        assert ("study", "in_app", "off") in kept
        assert ("late", "mail", "now") not in kept  # as the portal has it: it follows the portal later
    without = dict.fromkeys(("digest_at", "quiet_from", "quiet_to"), "")
    client.post("/notices/wishes", data=form | {"in_app.study": "now"} | without)
    assert "is late" in shown(client, "/notices/")


# -- announcements -----------------------------------------------------------------------------------------------------


def announced(portal, client, **form):
    with portal.app_context():
        unit = row_id(OrgUnit, code="S")
    data = {"title": "停水通知", "text": "今晚 8 点停水。\n<b>请储水</b>", "unit_ids": str(unit)} | form
    return client.post("/announcements/add", data=data)


def test_a_manager_announces_and_sees_who_has_read_it(clean):
    bob, amy, ann = english(clean, "bob"), english(clean, "amy"), english(clean, "ann")
    made = announced(clean, bob)
    assert made.status_code == 302
    own = made.headers["Location"]
    page = shown(bob, own)
    assert "0 of 3 have read it" in page  # amy, bob and eve
    assert "&lt;b&gt;" in page
    reading = own.replace("/announcements/", "/notices/announcement/")
    assert ann.get(reading).status_code == 404
    amy.post("/notices/read")
    assert "0 of 3" in shown(bob, own)
    assert "今晚 8 点停水" in shown(amy, reading)
    assert "1 of 3 have read it" in shown(bob, own)
    assert "1 / 3" in shown(bob, "/announcements/")


def test_who_has_not_read_it_is_reminded_but_not_all_the_time(clean):
    bob, amy = english(clean, "bob"), english(clean, "amy")
    own = announced(clean, bob).headers["Location"]
    shown(amy, own.replace("/announcements/", "/notices/announcement/"))
    bob.post(f"{own}/remind")
    assert "People reminded: 2." in shown(bob, own)
    bob.post(f"{own}/remind")
    assert "They were reminded less than" in shown(bob, own)
    assert "Please read" not in shown(amy, "/notices/")
    assert "Please read" in shown(english(clean, "eve"), "/notices/")


def test_announcements_stay_in_the_writer_s_reach(clean):
    bob, amy = english(clean, "bob"), english(clean, "amy")
    with clean.app_context():
        quality = row_id(OrgUnit, code="Q")
    refused = announced(clean, bob, unit_ids=str(quality))
    assert refused.status_code == 422
    assert "You may not announce to “Q”." in text(refused)
    assert "停水通知" in text(refused)
    assert announced(clean, bob, title="").status_code == 422
    assert announced(clean, bob, roles="king").status_code == 422
    assert announced(clean, amy).status_code == 403
    own = announced(clean, bob, roles="salesperson").headers["Location"]
    assert "0 of 1 have read it" in shown(bob, own)
    assert amy.get(own).status_code == 403
    assert enter(clean, "sys").get(own).status_code == 200
