"""Messages as people read them: a person's notices, wishes and announcements, on both databases."""

from __future__ import annotations

import re

import sqlalchemy as sa

from app.core.db import session
from app.engines.notifications.models import MessageWish
from app.engines.people.models import OrgUnit
from tests.both import company
from tests.portal import enter, row_id
from tests.system.messaging import clean, english, portal, shown, tell, text

__all__ = ["clean", "company", "portal"]


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
