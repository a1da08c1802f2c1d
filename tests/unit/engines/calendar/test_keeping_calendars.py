"""Calendars in the database: seeding, notices, single days, and that no host ever counts on old days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_appbuilder import Model
from flask_appbuilder.security.sqla import models as accounts
from flask_babel import Babel

from app.core import clock
from app.core.db import db, session
from app.core.errors import NotFound, Refusal
from app.core.saving import Draft
from app.core.whole import Whole
from app.engines.audit.models import AuditEntry
from app.engines.calendar import operations
from app.engines.calendar.calc import DayRow, Kind, Name
from app.engines.calendar.models import Calendar, CalendarDay, CalendarYear
from app.engines.calendar.operations import Change, calendar_for, clear_day, import_notice, seed_calendar, set_day
from app.engines.calendar.sweeps import complete
from app.engines.search.models import SearchToken

D = dt.date
TODAY = dt.datetime(2026, 11, 23, 9)
NOTICE_2027 = [
    DayRow(D(2027, 1, 1), working=False, name=Name("元旦", "New Year's Day")),
    DayRow(D(2027, 1, 2), working=False, name=Name("元旦", "New Year's Day")),
    DayRow(D(2027, 1, 4), working=False, name=Name("元旦", "New Year's Day")),
    DayRow(D(2027, 1, 9), working=True, name=Name("调休上班", "Make-up workday")),
    DayRow(D(2026, 12, 27), working=True, name=Name("调休上班", "Make-up workday")),
]


@pytest.fixture
def host(tmp_path, monkeypatch) -> Iterator[Flask]:
    """A program on a database of its own, with nothing but accounts and calendars."""
    monkeypatch.setattr(operations, "_editions", {})
    monkeypatch.setattr(operations, "_listeners", [])
    app = Flask("host")
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{tmp_path / 'calendar.db'}"
    db.init_app(app)
    Babel(app)
    wanted = [model.__table__ for model in (Calendar, CalendarYear, CalendarDay, AuditEntry, SearchToken)]
    with app.app_context(), clock.freeze(TODAY):
        Model.metadata.create_all(db.engine, tables=[accounts.User.__table__, *wanted])
        yield app
        session.remove()
        db.engine.dispose()


@pytest.fixture
def seeded(host) -> Flask:
    seed_calendar()
    session.commit()
    return host


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(db.engine, "before_cursor_execute", note)


def test_seeding_gives_national_day_2025(seeded) -> None:
    calendar = calendar_for("CN")
    assert not any(calendar.is_working(D(2025, 10, day)) for day in range(1, 9))
    assert calendar.day(D(2025, 9, 28)).kind == calendar.day(D(2025, 10, 11)).kind == Kind.MAKEUP
    assert str(calendar.zone) == "Asia/Shanghai"
    assert calendar.hours_per_day == 8


def test_years_without_makeup_days_are_provisional(seeded) -> None:
    years = {row.year: row.status for row in session.scalars(sa.select(CalendarYear))}
    assert years == {**dict.fromkeys(range(2018, 2027), "firm"), 2027: "provisional", 2028: "provisional"}
    assert calendar_for("CN").day(D(2027, 10, 1)).provisional


def test_seeding_twice_changes_nothing(seeded) -> None:
    before = session.scalar(sa.select(Calendar.edition))
    assert seed_calendar() == []
    assert not session.dirty
    assert session.scalar(sa.select(Calendar.edition)) == before


def test_a_new_year_is_added_when_it_comes_into_sight(seeded) -> None:
    assert [change.first for change in seed_calendar(today=D(2027, 1, 1))] == [D(2029, 1, 1)]


def test_the_monthly_sweep_completes_the_calendar(seeded) -> None:
    new_year = dt.datetime(2026, 12, 31, 16, 20, tzinfo=dt.UTC)  # 00:20 on 1 January in Shanghai
    assert [complete(new_year), complete(new_year)] == [{"hit": 1}, {"hit": 0}]


def test_an_announcement_that_comes_with_an_upgrade_makes_its_year_firm(seeded) -> None:
    year = session.scalars(sa.select(CalendarYear).where(CalendarYear.year == 2026)).one()
    year.status = "provisional"
    session.flush()
    assert seed_calendar() == [Change("CN", D(2026, 1, 1), D(2026, 12, 31))]
    assert year.status == "firm"


def test_a_notice_makes_its_year_firm_and_tells_which_days_to_plan_again(seeded, monkeypatch) -> None:
    heard: list[Change] = []
    monkeypatch.setattr(operations, "_listeners", [])
    operations.on_change(heard.append)
    change = import_notice("CN", 2027, NOTICE_2027, "国办发明电〔2026〕7号")
    assert change == Change("CN", D(2026, 12, 27), D(2027, 12, 31))
    assert heard == [change]
    calendar = calendar_for("CN")
    assert not calendar.is_provisional(D(2027, 1, 1), D(2027, 12, 31))
    assert calendar.is_working(D(2026, 12, 27))
    assert calendar.is_working(D(2027, 1, 9))
    assert not calendar.is_working(D(2027, 1, 4))
    assert calendar.is_working(D(2027, 10, 1))  # what the seed had guessed is gone


def test_a_notice_may_be_imported_again(seeded) -> None:
    import_notice("CN", 2027, NOTICE_2027, "first")
    import_notice("CN", 2027, NOTICE_2027[:3], "corrected")
    assert not calendar_for("CN").is_working(D(2027, 1, 9))
    assert seed_calendar(today=D(2027, 1, 1))[0].first == D(2029, 1, 1)


@pytest.mark.parametrize(
    ("days", "count"),
    [
        ([], 1),
        ([DayRow(D(2028, 1, 1), working=False)], 1),
        ([DayRow(D(2026, 11, 30), working=False), *NOTICE_2027, NOTICE_2027[0]], 2),
    ],
)
def test_notices_that_cannot_be_right_are_refused(seeded, days, count) -> None:
    with pytest.raises(Refusal) as refused:
        import_notice("CN", 2027, days, "notice")
    assert [problem.field for problem in refused.value.problems] == ["days"] * count


def test_the_company_may_decide_otherwise_and_take_it_back(seeded) -> None:
    day = D(2026, 10, 1)
    assert set_day("CN", day, working=True, name=Name("加班", "Overtime")) == Change("CN", day, day)
    assert calendar_for("CN").is_working(day)
    set_day("CN", day, working=True, name=Name("赶工", "Rush"))
    assert calendar_for("CN").day(day).name.en == "Rush"
    clear_day("CN", day)
    assert calendar_for("CN").day(day).kind == Kind.HOLIDAY


def test_the_companys_own_days_stand_over_a_later_notice(seeded) -> None:
    day = D(2027, 1, 9)
    set_day("CN", day, working=False, name=Name("厂休", "Works holiday"))
    import_notice("CN", 2027, NOTICE_2027, "notice")
    assert not calendar_for("CN").is_working(day)
    clear_day("CN", day)
    assert calendar_for("CN").is_working(day)


def test_reading_again_costs_one_small_statement_per_transaction(seeded) -> None:
    first = calendar_for("CN")
    session.commit()
    with statements() as sent:
        assert all(calendar_for("CN") is first for _ in range(5))
    assert len(sent) == 1
    assert "calendar_day" not in sent[0]


def test_an_edit_on_another_host_is_seen_in_the_next_transaction(seeded) -> None:
    day = D(2026, 12, 1)
    assert calendar_for("CN").is_working(day)
    session.commit()
    here, operations._editions = operations._editions, {}
    with seeded.app_context():  # another host: its own memory and its own session
        set_day("CN", day, working=False, name=Name("停电", "Power cut"))
        session.commit()
    operations._editions = here
    assert not calendar_for("CN").is_working(day)


def test_an_edit_that_was_rolled_back_leaves_no_trace(seeded) -> None:
    day = D(2026, 12, 1)
    set_day("CN", day, working=False, name=Name("停电", "Power cut"))
    assert not calendar_for("CN").is_working(day)
    session.rollback()
    assert calendar_for("CN").is_working(day)


def test_other_office_hours_are_seen_at_once(seeded) -> None:
    assert calendar_for("CN").hours_per_day == 8
    session.scalars(sa.select(Calendar)).one().office_hours = "09:00-12:00, 13:00-18:00"
    session.commit()
    assert [span[0] for span in calendar_for("CN").hours] == [dt.time(9), dt.time(13)]


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"office_hours": "9:00-17:00"}, ["office_hours"]),
        ({"office_hours": "17:00-09:00", "zone": "Asia/Peking"}, ["zone", "office_hours"]),
        ({"office_hours": "09:00-17:00", "zone": "Asia/Urumqi"}, []),
    ],
)
def test_office_hours_and_zones_that_cannot_be_read_are_refused(seeded, typed, fields) -> None:
    draft = Draft(Whole(session.scalars(sa.select(Calendar)).one()), typed)
    assert [problem.field for problem in operations._readable(draft)] == fields


def test_an_unknown_calendar_is_not_found(host) -> None:
    with pytest.raises(NotFound):
        calendar_for("CN")
    with pytest.raises(NotFound):
        set_day("XX", D(2026, 1, 1), working=True, name=Name())
