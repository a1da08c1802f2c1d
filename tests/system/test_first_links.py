"""One-time links over HTTP on both databases: chosen passwords, links that open nothing, mail, forgotten passwords."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.core import accounts, clock, links
from app.core.accounts import AccountState, LoginEvent
from app.core.db import session
from app.core.links import AccountLink
from app.core.logins import LoginGuard
from app.engines.notifications.sweeps import send_messages
from app.engines.notifications.ways import MessageChannel
from app.engines.people import operations as people
from app.engines.people.models import Employee, OrgUnit
from tests.both import company
from tests.outside import PASSWORD as SECRET
from tests.outside import USER, certified, mail_server
from tests.portal import PASSWORD, enter, row_id

__all__ = ["company"]
CHOSEN = "My-own-words-9"
BOTH = {"password": CHOSEN, "again": CHOSEN}


def text(answer, status=200):
    assert answer.status_code == status, answer.get_data(as_text=True)[-2000:]
    return answer.get_data(as_text=True)


@pytest.fixture(autouse=True)
def unguessed(company):
    with company.app_context():
        session.execute(sa.delete(LoginGuard.__table__))
        session.execute(sa.delete(AccountLink.__table__))
        for way in session.scalars(sa.select(MessageChannel)):
            session.delete(way)
        session.commit()


@pytest.fixture
def mailbox(company, tmp_path, monkeypatch):
    """A real mail server, and the portal's mail channel to it, in use."""
    known, context = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(known))
    with mail_server(context, "starttls") as box:
        with company.app_context():
            session.add(MessageChannel(
                name="邮件", sort="mail", enabled=True, host="localhost", port=box.port, guard="starttls",
                username=USER, secret=SECRET, sender="portal@kezhi.cn", sender_name="客制",
            ))  # fmt: skip
            session.commit()
        yield box


def newcomer(company, number, email=""):
    """Somebody with an account whose password nobody knows; his id as an employee."""
    with company.app_context():
        made = Employee(number=number, name=f"新人{number}", unit_id=row_id(OrgUnit, code="S"))
        session.add(made)
        session.flush()
        people.open_account(made, number.lower(), email)
        session.commit()
        return made.id


def english(company, name="sys"):
    client = enter(company, name)
    client.get("/lang/en")
    return client


def link_of(answer):
    return re.search(r"/join/[a-z2-9-]{19}", text(answer))[0]


def swept(company, at=None):
    with company.app_context():
        found = [batch for batch in send_messages(at or clock.now()) if session.commit() is None]
        session.commit()
        return {name: sum(one.get(name, 0) for one in found) for batch in found for name in batch}


def stranger(company):
    client = company.test_client()
    client.get("/lang/en")
    return client


# -- to hand over ------------------------------------------------------------------------------------------------------


def test_a_link_lets_its_person_choose_a_password_once(company):
    pk = newcomer(company, "L1")
    link = link_of(english(company).post(f"/people/{pk}/link"))
    with company.app_context():
        kept = session.scalars(sa.select(AccountLink)).one()
        assert len(kept.digest) == 64
        assert link.removeprefix("/join/").replace("-", "") not in kept.digest
    client = stranger(company)
    for _look in range(2):
        page = text(client.get(link))
        assert "Your user name is l1" in page, "looking does not use it up"
    assert "differ" in text(client.post(link, data=BOTH | {"again": "x"}), 422)
    assert "10 to 128" in text(client.post(link, data={"password": "weak", "again": "weak"}), 422)
    assert client.post(link.upper().replace("/JOIN/", "/join/").replace("-", ""), data=BOTH).status_code == 302
    assert client.get("/profile/").status_code == 200, "signed in, and nothing is to be changed any more"
    assert "used already" in text(stranger(company).get(link), 410)
    assert "used already" in text(stranger(company).post(link, data=BOTH), 410)
    enter(company, "l1", CHOSEN)
    with company.app_context():
        state = session.get_one(AccountState, session.scalar(sa.select(User.id).filter_by(username="l1")))
        assert state.must_change_password is False
        events = session.scalars(sa.select(LoginEvent.event).where(LoginEvent.user_id == state.user_id)).all()
        assert {"link_made", "link_used", "password_changed"} <= set(events)


def test_a_new_link_a_day_that_is_over_and_one_taken_back_open_nothing(company):
    pk, admin = newcomer(company, "L2"), english(company)
    old = link_of(admin.post(f"/people/{pk}/link"))
    new = link_of(admin.post(f"/people/{pk}/link"))
    assert "taken back" in text(stranger(company).get(old), 410)
    with clock.freeze(clock.now() + dt.timedelta(hours=73)):
        assert "was good until" in text(stranger(company).post(new, data=BOTH), 410)
    assert "good until" in text(admin.get(f"/people/{pk}"))
    assert admin.post(f"/people/{pk}/unlink").status_code == 302
    assert "taken back" in text(stranger(company).get(new), 410)
    assert admin.post(f"/people/{pk}/unlink").status_code == 422, "there is nothing to take back"
    third = link_of(admin.post(f"/people/{pk}/link"))
    assert admin.post(f"/people/{pk}/lock").status_code == 302
    assert "taken back" in text(stranger(company).get(third), 410), "a locked account lets nobody in"


def test_how_long_a_link_lasts_is_a_setting(company):
    admin, pk = english(company, "root"), newcomer(company, "L3")
    page = text(admin.get("/message_settings/change"))
    form = dict(re.findall(r'name="(\w+)"[^>]*? value="([^"]*)"', page)) | {"link_hours": "1"}
    assert admin.post("/message_settings/change", data=form).status_code == 302
    link = link_of(admin.post(f"/people/{pk}/link"))
    with clock.freeze(clock.now() + dt.timedelta(minutes=61)):
        assert stranger(company).get(link).status_code == 410
    assert admin.post("/message_settings/change", data=form | {"link_hours": "0"}).status_code == 422
    assert admin.post("/message_settings/change", data=form | {"link_hours": "72"}).status_code == 302


def test_guessing_is_throttled_and_tells_nothing(company):
    client = stranger(company)
    for _try in range(5):
        assert "There is no such link" in text(client.get("/join/aaaa-bbbb-cccc-dddd"), 404)
    assert "Too many attempts" in text(client.get("/join/aaaa-bbbb-cccc-dddd"), 429)
    pk = newcomer(company, "L4")
    link = link_of(english(company).post(f"/people/{pk}/link"))
    assert client.get(link).status_code == 429, "from that address nothing opens for a while"
    with clock.freeze(clock.now() + dt.timedelta(minutes=16)):
        assert client.get(link).status_code == 200


def test_who_keeps_no_accounts_gives_no_links(company):
    pk = newcomer(company, "L5")
    for act in ("link", "unlink"):
        assert enter(company, "amy").post(f"/people/{pk}/{act}").status_code == 403
        assert english(company).post(f"/people/99999/{act}").status_code == 404
    with company.app_context():
        root = row_id(Employee, number="ROOT")
    assert english(company).post(f"/people/{root}/link").status_code == 403, "an administrator's is left to his like"
    assert english(company).post(f"/people/{pk}/link?by=mail").status_code == 422, "no mail server is in use"


# -- by mail -----------------------------------------------------------------------------------------------------------


def test_a_link_goes_by_mail_and_stands_nowhere_before(company, mailbox):
    pk, admin = newcomer(company, "L6", "l6@example.com"), english(company)
    page = text(admin.post(f"/people/{pk}/link?by=mail"))
    assert "l6@example.com" in page
    assert "/join/" not in page
    with company.app_context():
        assert session.scalars(sa.select(AccountLink.digest)).one() is None
    assert swept(company)["sent"] == 1
    (letter,) = mailbox.letters
    body = letter.get_body(("plain",)).get_content()
    link = re.search(r"/join/[a-z2-9-]{19}", body)[0]
    assert "l6" in body
    assert stranger(company).post(link, data=BOTH).status_code == 302
    assert swept(company).get("sent", 0) == 0
    assert len(mailbox.letters) == 1
    shown = text(admin.get(f"/people/{pk}"))
    assert "used " in shown
    assert "sent " in shown


def test_a_server_that_is_away_gets_the_link_later_and_a_new_one(company, mailbox):
    pk, admin = newcomer(company, "L7", "l7@example.com"), english(company)
    with company.app_context():
        way = session.scalars(sa.select(MessageChannel)).one()
        port, way.port = way.port, 1
        session.commit()
    assert admin.post(f"/people/{pk}/link?by=mail").status_code == 200
    assert swept(company)["failed"] == 1
    assert "cannot be reached" in text(admin.get(f"/people/{pk}"))
    with company.app_context():
        before = session.scalars(sa.select(AccountLink.digest)).one()
        session.scalars(sa.select(MessageChannel)).one().port = port
        session.commit()
    assert swept(company, clock.now() + dt.timedelta(minutes=2))["sent"] == 1
    with company.app_context():
        assert session.scalars(sa.select(AccountLink.digest)).one() != before
    assert len(mailbox.letters) == 1


# -- forgotten ---------------------------------------------------------------------------------------------------------


def test_a_forgotten_password_is_replaced_by_mail_and_nobody_learns_who_is_there(company, mailbox):
    newcomer(company, "L8", "l8@example.com")
    with company.app_context():
        accounts.set_password(session.scalars(sa.select(User).filter_by(username="l8")).one(), PASSWORD)
        session.commit()
    before = enter(company, "l8")
    pages = []
    for name in ("l8", "nobody-here", "L8@example.com"):
        client = stranger(company)
        answer = client.post("/forgotten/", data={"name": name})
        assert answer.status_code == 302
        pages.append(re.sub(r'(csrf|nonce)="[^"]*"', "", text(client.get(answer.headers["Location"]))))
    assert pages[0] == pages[1] == pages[2]
    swept(company)
    (letter,) = mailbox.letters
    link = re.search(r"/join/[a-z2-9-]{19}", letter.get_body(("plain",)).get_content())[0]
    assert enter(company, "l8"), "the old password counts until another is chosen"
    with clock.freeze(clock.now() + dt.timedelta(minutes=61)):
        assert stranger(company).get(link).status_code == 410
    assert stranger(company).post(link, data=BOTH).status_code == 302
    assert before.get("/profile/").status_code == 302, "other sessions have ended"
    enter(company, "l8", CHOSEN)


def test_asking_is_throttled_by_name_and_by_address(company, mailbox):
    newcomer(company, "L9", "l9@example.com")
    client = stranger(company)
    assert text(client.post("/forgotten/", data={"name": " "}), 422)
    for _try in range(5):
        assert client.post("/forgotten/", data={"name": "l9"}).status_code == 302
    assert "Too many attempts" in text(client.post("/forgotten/", data={"name": "l9"}), 429)
    assert "Too many attempts" in text(client.post("/forgotten/", data={"name": "other"}), 429)
    swept(company)
    assert len(mailbox.letters) == 1, "of several that were asked for one goes"


def test_without_a_mail_server_the_page_says_whom_to_ask(company):
    client = stranger(company)
    assert "Ask the administrator" in text(client.get("/forgotten/"))
    assert "Ask the administrator" in text(client.post("/forgotten/", data={"name": "amy"}))
    assert 'href="/forgotten/"' in text(client.get("/login/"))
    with company.app_context():
        assert session.scalar(sa.select(sa.func.count()).select_from(AccountLink)) == 0


def test_old_links_are_forgotten(company):
    newcomer(company, "L10")
    with company.app_context():
        links.make(session.scalars(sa.select(User).filter_by(username="l10")).one(), dt.timedelta(hours=1))
        session.commit()
        assert links.tidy(clock.now()) == 0
        assert links.tidy(clock.now() + dt.timedelta(hours=2)) == 1
        session.commit()
