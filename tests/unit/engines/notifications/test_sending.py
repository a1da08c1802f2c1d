"""Mail to a real SMTP server, through the sweep that sends it."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.core import clock
from app.core.db import session
from app.engines.notifications import channels, postman
from app.engines.notifications import settings as kept_settings
from app.engines.notifications.operations import notify
from app.engines.notifications.sweeps import send_messages
from app.engines.people.models import Employee
from app.engines.sweeps import registry
from tests.outside import PASSWORD, USER, mail_server
from tests.small import add
from tests.unit.engines.notifications.conftest import reachable, swept
from tests.unit.engines.notifications.letters import LATE, MINUTE, NOON, mails, reader, tell

__all__ = ["reader"]


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
