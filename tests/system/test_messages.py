"""Messages over HTTP, as each role uses them, on both databases; the mail server and the robots are real ones."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.engines.audit.models import AuditEntry
from app.engines.people.models import OrgUnit
from tests.both import company
from tests.outside import certified, mail_server, robots
from tests.portal import enter, row_id
from tests.system.messaging import clean, english, only_way, portal, shown, sweep, tell, text

__all__ = ["clean", "company", "portal"]
MAIL = {"name": "公司邮件", "host": "localhost", "guard": "plain", "sender": "portal@kezhi.cn", "sender_name": "客制"}
TOKEN, SECRET = "693a91f6-7e0b-4bc4", "SECgeheim77"


@pytest.fixture
def outside(tmp_path, monkeypatch):
    known, context = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(known))
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return context


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
        "link_hours": "72", "forgotten_minutes": "60", "keep_days": "365", "log_days": "1095",
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
