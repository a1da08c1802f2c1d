from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask_babel import force_locale

from app.core import clock
from app.core.db import session
from app.engines.notifications.operations import (
    Message,
    mark_read,
    notices,
    notify,
    notify_many,
    unread,
    unread_count,
)
from app.engines.people.models import Employee
from tests.small import add, counted

NOW = dt.datetime(2025, 10, 31, 10, tzinfo=dt.UTC)
LATE = {"zh": "%(case)s 已逾期", "en": "%(case)s is late"}
EVENT = "deadline.breached:17"


@pytest.fixture
def other(employee) -> int:
    return add(Employee(number="E2", name="李四", unit_id=employee.unit_id)).id


def tell(*people: int, event: str = EVENT, case: str = "251031") -> None:
    notify(event, people, LATE, {"case": case}, url="/complaint/1", clause="（八）8")
    session.commit()


# -- the bell --------------------------------------------------------------------------------------------------------


def test_each_person_is_told_in_his_language(employee, other):
    with clock.freeze(NOW):
        tell(employee.id, other, employee.id)
    said = []
    for person, language in ((employee.id, "zh"), (other, "en")):
        with force_locale(language):
            (notice,) = unread(person)
            said.append(notice.sentence)
    assert said == ["251031 已逾期", "251031 is late"]
    assert (notice.at, notice.url, notice.clause, notice.read) == (NOW, "/complaint/1", "（八）8", False)


def test_an_event_reaches_a_person_once(employee, other):
    tell(employee.id)
    tell(employee.id, other, case="251032")
    assert [unread_count(person) for person in (employee.id, other)] == [1, 1]
    assert unread(employee.id)[0].sentence.startswith("251031")


def test_what_was_read_is_not_told_again(employee):
    tell(employee.id)
    mark_read(employee.id)
    tell(employee.id)
    assert unread(employee.id) == []


def test_a_message_of_a_transaction_that_failed_was_never_sent(employee):
    notify(EVENT, [employee.id], LATE, {"case": "251031"})
    session.rollback()
    assert unread_count(employee.id) == 0


def test_a_sentence_that_cannot_be_filled_is_refused_at_once(employee):
    with pytest.raises(KeyError):
        notify(EVENT, [employee.id], LATE, {"wrong": 1})


def test_many_are_told_with_one_statement(employee, other):
    many = [Message(f"e:{n}", person, LATE, {"case": str(n)}) for n in range(150) for person in (employee.id, other)]
    with counted() as sent:
        notify_many(many)
        notify_many([])
    assert len(sent) == 1
    notify_many(many)
    assert unread_count(other) == 150


def test_two_hosts_telling_the_same_tell_it_once(app, employee):
    person = employee.id
    session.rollback()

    def work(_host: int) -> None:
        with app.app_context():
            tell(person)
            session.remove()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert unread_count(person) == 1


def test_reading_is_marked_for_oneself_only(employee, other):
    for event in ("a", "b", "c"):
        tell(employee.id, other, event=event)
    mine, theirs = unread(employee.id), unread(other)
    assert mark_read(employee.id, [mine[0].id, theirs[1].id]) == 1
    assert [unread_count(person) for person in (employee.id, other)] == [2, 3]
    assert mark_read(employee.id, []) == 0
    assert mark_read(employee.id) == 2
    assert mark_read(employee.id) == 0
    assert [notice.read for notice in notices(employee.id)] == [True] * 3


def test_notices_are_paged_newest_first(employee):
    for n in range(5):
        tell(employee.id, event=f"e:{n}", case=str(n))
    first = notices(employee.id, limit=3)
    rest = notices(employee.id, limit=3, before=first[-1].id)
    assert [notice.sentence[0] for notice in (*first, *rest)] == ["4", "3", "2", "1", "0"]
