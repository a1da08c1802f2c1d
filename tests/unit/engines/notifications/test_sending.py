"""Mail to a real SMTP server, through the sweep that sends it."""

from __future__ import annotations

import datetime as dt
import itertools
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.engines.notifications import channels, delivering, postman
from app.engines.notifications import settings as kept_settings
from app.engines.notifications.models import MessageHours, MessageWish, OutboxMessage
from app.engines.notifications.operations import mark_read, notify
from app.engines.notifications.sweeps import send_messages
from app.engines.people.models import Employee
from app.engines.sweeps import registry
from tests.outside import PASSWORD, USER, mail_server
from tests.small import add
from tests.unit.engines.notifications.conftest import reachable, swept

NOON = dt.datetime(2025, 10, 31, 4, tzinfo=dt.UTC)  # 12:00 in Shanghai
NIGHT = dt.datetime(2025, 10, 31, 15, tzinfo=dt.UTC)  # 23:00
MINUTE = dt.timedelta(minutes=1)
LATE = {"zh": "“首次联系”已逾期：%(case)s", "en": "“First contact” is late: %(case)s"}


@pytest.fixture
def reader(mail, employee) -> Employee:
    return reachable(employee, "zhang")


def tell(person: Employee, event: str = "deadline.late:17", at: dt.datetime = NOON, case: str = "251031") -> None:
    with clock.freeze(at):
        notify(event, [person.id], LATE, {"case": case}, url="/complaint/1", clause="（八）8")
        session.commit()


def mails() -> list[tuple]:
    shown = sa.select(OutboxMessage.state, OutboxMessage.attempts, OutboxMessage.next_at, OutboxMessage.error)
    rows = session.execute(shown.where(OutboxMessage.channel == "mail").order_by(OutboxMessage.id)).all()
    session.rollback()
    return [tuple(row) for row in rows]


# -- one letter --------------------------------------------------------------------------------------------------------


def test_a_letter_arrives_in_the_reader_s_language_with_the_way_to_the_case(mailbox, reader):
    tell(reader)
    assert swept(NOON)["sent"] == 1
    (letter,) = mailbox.letters
    assert mailbox.envelopes == [("portal@kezhi.cn", ["zhang@example.com"], True)]
    assert mailbox.signed_in == [USER]
    assert letter["Subject"] == "“首次联系”已逾期：251031"
    assert letter["From"] == "客制门户 <portal@kezhi.cn>"
    assert letter["To"] == "zhang@example.com"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"].datetime == NOON
    text, page = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for part in (text, page):
        assert "251031" in part
        assert "https://portal.kezhi.cn/complaint/1" in part
        assert "（八）8" in part
        assert "10-31 12:00" in part
    assert '<html lang="zh">' in page
    assert mails() == [("sent", 1, None, "")]


def test_another_reader_gets_it_in_english(mailbox, mail, employee):
    tell(reachable(employee, "smith", "en"))
    swept(NOON)
    (letter,) = mailbox.letters
    assert letter["Subject"] == "“First contact” is late: 251031"
    assert "All notices" in letter.get_body(("plain",)).get_content()


def test_what_a_sentence_holds_is_no_markup_and_no_header(mailbox, reader):
    tell(reader, case="<script>x</script>\r\nBcc: all@kezhi.cn")
    swept(NOON)
    (letter,) = mailbox.letters
    assert letter["Bcc"] is None
    assert "<script>" not in letter.get_body(("html",)).get_content()
    assert mailbox.envelopes[0][1] == ["zhang@example.com"]


@pytest.mark.parametrize("guard", ["plain", "tls"])
def test_servers_with_and_without_encryption(outside, mail, employee, guard):
    with mail_server(outside, guard) as box:
        mail.port, mail.guard = box.port, guard
        mail.username, mail.secret = (USER, PASSWORD) if guard == "tls" else (None, None)
        tell(reachable(employee, "zhang"))
        assert swept(NOON)["sent"] == 1
    assert [crypted for _from, _to, crypted in box.envelopes] == [guard == "tls"]


def test_a_server_with_a_strange_certificate_gets_nothing(mailbox, reader, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    tell(reader)
    assert swept(NOON)["failed"] == 1
    assert mailbox.signed_in == mailbox.letters == []
    assert "CERTIFICATE_VERIFY_FAILED" in mails()[0][3]


# -- failures ----------------------------------------------------------------------------------------------------------


def test_a_wrong_password_is_kept_as_a_sentence_without_it(mailbox, mail, reader, caplog):
    mail.secret = "wrong-secret-1"
    tell(reader)
    assert swept(NOON)["failed"] == 1
    error = mails()[0][3]
    assert error.startswith("sign_in|535")
    assert "535" in channels.sentence(error)
    assert "wrong-secret-1" not in error + caplog.text


def test_a_server_that_is_down_is_tried_again_ever_later_and_given_up(mail, reader):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        mail.port = free.getsockname()[1]
    session.commit()
    with clock.freeze(NOON):
        kept_settings.change({"attempts": 4, "quiet_from": None, "quiet_to": None})
    tell(reader)
    at, waits = NOON, []
    for _n in range(3):
        assert swept(at)["failed"] == 1
        waits.append((mails()[0][2] - at) / MINUTE)
        assert swept(mails()[0][2] - MINUTE / 2) == {}
        at = mails()[0][2]
    assert waits == [1, 2, 4]
    assert swept(at)["given_up"] == 1
    state, attempts, next_at, error = mails()[0]
    assert (state, attempts, next_at) == ("failed", 4, None)
    assert error.startswith("connect|")


def test_an_address_that_the_server_refuses_holds_up_no_other(mailbox, mail, reader, unit):
    other = reachable(add(Employee(number="E2", name="李四", unit_id=unit.id)), "li")
    mailbox.refused["zhang@example.com"] = "550 no such mailbox"
    tell(reader)
    tell(other)
    assert swept(NOON) == {"checked": 2, "hit": 2, "sent": 1, "given_up": 1}
    assert mails()[0][3] == "address|550 no such mailbox"
    assert [to for _from, to, _tls in mailbox.envelopes] == [["li@example.com"]]


def test_a_letter_that_is_refused_for_now_goes_later(mailbox, reader):
    mailbox.refused["*"] = "451 try later"
    tell(reader)
    assert swept(NOON)["failed"] == 1
    mailbox.refused.clear()
    assert swept(NOON + MINUTE)["sent"] == 1


def test_without_an_address_or_an_open_account_there_is_no_letter(mailbox, mail, employee, unit):
    tell(employee)
    assert swept(NOON) == {"checked": 1, "skipped": 1}
    gone = reachable(add(Employee(number="E3", name="王五", unit_id=unit.id, active=False)), "wang")
    tell(gone)
    swept(NOON)
    assert mails() == []


# -- idempotence -------------------------------------------------------------------------------------------------------


def test_told_again_and_swept_again_it_leaves_once(mailbox, reader):
    for _n in range(3):
        tell(reader)
        swept(NOON)
    assert len(mailbox.letters) == 1


def test_while_no_way_is_open_nothing_is_kept_for_later(mailbox, mail, reader):
    mail.enabled = False
    tell(reader)
    swept(NOON)
    mail.enabled = True
    session.commit()
    assert swept(NOON + MINUTE) == {}
    assert mailbox.letters == []


def test_killed_while_sending_it_leaves_when_the_lease_is_over(mailbox, reader, monkeypatch):
    tell(reader)

    class Killed(BaseException):
        pass

    def killed(*_args: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(postman, "carry", killed)
        with pytest.raises(Killed):
            swept(NOON)
    session.rollback()
    assert mails()[0][:2] == ("queued", 1)
    assert swept(NOON + MINUTE) == {}
    assert swept(NOON + 10 * MINUTE)["sent"] == 1
    assert len(mailbox.letters) == 1


def test_several_hosts_send_each_letter_once(app, mailbox, mail, employee, unit):
    others = [reachable(add(Employee(number=f"N{n}", name="同事", unit_id=unit.id)), f"n{n}") for n in range(30)]
    with clock.freeze(NOON):
        notify("deadline.late:18", [one.id for one in others], LATE, {"case": "1"})
        session.commit()
    session.remove()

    def host(_n: int) -> None:
        with app.app_context():
            for _batch in send_messages(NOON):
                session.commit()
            session.commit()
            session.remove()

    with clock.freeze(NOON), ThreadPoolExecutor(3) as pool:
        list(pool.map(host, range(3)))
    arrived = sorted(to for _from, (to,), _tls in mailbox.envelopes)
    assert arrived == sorted(f"n{n}@example.com" for n in range(30))


def test_a_trial_run_sends_nothing(mailbox, reader):
    tell(reader)
    with registry.trial():
        counts = list(send_messages(NOON))
    session.rollback()
    assert {"hit": 1} in counts
    assert mailbox.letters == []
    assert mails() == []
    assert swept(NOON)["sent"] == 1


def test_nothing_of_the_database_is_held_while_a_server_is_waited_for(mailbox, reader, monkeypatch):
    tell(reader)
    seen, carry = [], postman.carry

    def watched(*args: object) -> None:
        seen.append(session().in_transaction())
        carry(*args)

    monkeypatch.setattr(postman, "carry", watched)
    swept(NOON)
    assert seen == [False]


# -- storms, summaries and quiet hours ---------------------------------------------------------------------------------


def test_after_one_letter_those_that_follow_go_out_as_one(mailbox, reader):
    tell(reader, "deadline.late:1")
    swept(NOON)
    for n in range(2, 6):
        tell(reader, f"deadline.late:{n}", NOON + n * MINUTE, case=f"案{n}")
        assert swept(NOON + n * MINUTE).get("sent") is None
    assert swept(NOON + 10 * MINUTE)["sent"] == 4
    assert [letter["Subject"] for letter in mailbox.letters] == ["“首次联系”已逾期：251031", "4 条新通知"]
    text = mailbox.letters[1].get_body(("plain",)).get_content()
    assert all(f"案{n}" in text for n in range(2, 6))


def test_a_letter_counts_what_does_not_fit(mailbox, reader):
    kept_settings.change({"most": 2})
    for n in range(5):
        tell(reader, f"deadline.late:{n}", case=f"案{n}")
    swept(NOON)
    (letter,) = mailbox.letters
    text = letter.get_body(("plain",)).get_content()
    assert letter["Subject"] == "5 条新通知"
    assert "案1" in text
    assert "案2" not in text
    assert "3" in text


def test_a_summary_comes_at_its_hour(mailbox, reader):
    for n in range(3):
        tell(reader, f"deadline.warned:{n}")
    assert swept(NOON).get("sent") is None
    morning = dt.datetime(2025, 11, 1, 0, 30, tzinfo=dt.UTC)
    assert {row[2] for row in mails()} == {morning}
    assert swept(morning)["sent"] == 3
    assert len(mailbox.letters) == 1


def test_at_night_it_is_quiet_but_for_what_is_urgent(mailbox, reader):
    tell(reader, "deadline.late:1", NIGHT)
    tell(reader, "meeting.emergency:2", NIGHT, case="紧急")
    assert swept(NIGHT)["sent"] == 1
    assert "紧急" in mailbox.letters[0]["Subject"]
    morning = dt.datetime(2025, 10, 31, 23, 30, tzinfo=dt.UTC)
    assert swept(morning - MINUTE).get("sent") is None
    assert swept(morning)["sent"] == 1


def test_a_person_has_hours_and_wishes_of_his_own(mailbox, reader):
    add(MessageHours(employee_id=reader.id, quiet_from="11:00", quiet_to="13:00", digest_at="17:00"))
    add(MessageWish(employee_id=reader.id, kind="late", channel="mail", mode="digest"))
    add(MessageWish(employee_id=reader.id, kind="due", channel="mail", mode="now"))
    add(MessageWish(employee_id=reader.id, kind="study", channel="mail", mode="off"))
    for event in ("deadline.late:1", "deadline.warned:2", "study:3"):
        tell(reader, event)
    swept(NOON)
    assert [row[2] for row in mails()] == [NOON + dt.timedelta(hours=5), NOON + dt.timedelta(hours=1)]


def test_an_administrator_decides_what_is_urgent_and_what_waits(mailbox, reader):
    kept_settings.change_rules({"late": {"mail": "digest", "urgent": False}, "due": {"mail": "now", "urgent": True}})
    tell(reader, "deadline.late:1", NIGHT)
    tell(reader, "deadline.warned:2", NIGHT, case="将到期")
    assert swept(NIGHT)["sent"] == 1
    assert "将到期" in mailbox.letters[0]["Subject"]


def test_what_was_read_in_the_portal_does_not_follow_by_mail(mailbox, reader):
    tell(reader, "deadline.warned:1")
    swept(NOON)
    with clock.freeze(NOON + MINUTE):
        mark_read(reader.id)
        session.commit()
    assert swept(NOON + dt.timedelta(days=1)) == {"skipped": 1}
    assert mailbox.letters == []


def test_what_could_not_leave_in_time_is_given_up(mailbox, mail, reader):
    tell(reader)
    with clock.freeze(NOON):
        for _batch in itertools.islice(send_messages(NOON), 1):
            session.commit()
    session.rollback()
    assert swept(NOON + dt.timedelta(days=4)) == {"given_up": 1}
    assert mails()[0][3].startswith("stale")
    assert mailbox.letters == []


def test_more_people_than_one_round_takes(mailbox, mail, unit, monkeypatch):
    monkeypatch.setattr(delivering, "GROUPS", 2)
    monkeypatch.setattr(delivering, "BATCH", 4)
    people = [reachable(add(Employee(number=f"N{n}", name="同事", unit_id=unit.id)), f"n{n}") for n in range(5)]
    for n, person in itertools.product(range(3), people):
        tell(person, f"deadline.late:{n}")
    assert swept(NOON)["sent"] == 15
    assert 5 <= len(mailbox.letters) <= 10
