"""Storms become one letter, summaries keep their hour, nights are quiet."""

from __future__ import annotations

import datetime as dt
import itertools

from app.core import clock
from app.core.db import session
from app.engines.notifications import delivering
from app.engines.notifications import settings as kept_settings
from app.engines.notifications.models import MessageHours, MessageWish
from app.engines.notifications.operations import mark_read
from app.engines.notifications.sweeps import send_messages
from app.engines.people.models import Employee
from tests.small import add
from tests.unit.engines.notifications.conftest import reachable, swept
from tests.unit.engines.notifications.letters import MINUTE, NIGHT, NOON, mails, reader, tell

__all__ = ["reader"]


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
