"""Clocks on screens: one cell in lists and on the workbench, and the explanation of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from markupsafe import Markup

from app.core import clock, explaining, forms, pages, values
from app.core.db import session
from app.core.fragments import fragment
from app.core.lifecycle import Words
from app.core.pages import ListPage
from app.core.query import Page
from app.core.whole import Whole
from app.core.wording import N_, counted
from app.engines.calendar.calc import Kind, WorkCalendar
from app.engines.deadlines import operations
from app.engines.deadlines.explain import Status
from app.engines.deadlines.models import BREACHED, LATE_MET, MET, OPEN, PAUSED, DeadlineClock
from app.engines.policy import operations as policy

SOON = Decimal(2)
NEAR, DAY, LONG = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(days=3)
END_OF_DAY = dt.time(23, 59, 59)
HOUR = 60
MINUTES_LEFT = N_("1 minute left"), N_("%(number)s minutes left")
HOURS_LEFT = N_("1 hour left"), N_("%(number)s hours left")
DAYS_LEFT = N_("1 day left"), N_("%(number)s days left")
WORKING_DAYS_LEFT = N_("1 working day left"), N_("%(number)s working days left")
MINUTES_LATE = N_("late by 1 minute"), N_("late by %(number)s minutes")
HOURS_LATE = N_("late by 1 hour"), N_("late by %(number)s hours")
DAYS_LATE = N_("late by 1 day"), N_("late by %(number)s days")
WORKING_DAYS_LATE = N_("late by 1 working day"), N_("late by %(number)s working days")
CELL = Markup('<span class="kz-clock is-{}" title="{} {}">{}<progress max="100" value="{}"></progress></span>')
_clock = DeadlineClock


def most_urgent(slug: str, record_id: int) -> DeadlineClock | None:
    """The open clock of a row that ends first."""
    return urgent_for(slug, [record_id]).get(record_id)


def urgent_for(slug: str, ids: list[int]) -> dict[int, DeadlineClock]:
    """The open clock that ends first, for many rows in one statement."""
    return {key: row for (_slug, key), row in urgent_among({slug: ids}).items()}


def urgent_among(wanted: Mapping[str, Sequence[int]]) -> dict[tuple[str, int], DeadlineClock]:
    """The same for rows of several registers, by register and id; one statement."""
    asked = {slug: list(ids) for slug, ids in wanted.items() if ids}
    if not asked:
        return {}
    said = [{f"slug_{at}": slug, f"ids_{at}": ids} for at, (slug, ids) in enumerate(asked.items())]
    rows = session.scalars(_open_query(len(asked)), {name: value for one in said for name, value in one.items()})
    # the last one stays: those that stand still give way to those that run
    return {(row.of_register, row.record_id): row for row in rows}


@cache
def _open_query(registers: int) -> sa.Select[tuple[DeadlineClock]]:
    """Built once: every list of cases asks it."""
    here = [
        (_clock.of_register == sa.bindparam(f"slug_{at}"))
        & _clock.record_id.in_(sa.bindparam(f"ids_{at}", expanding=True))
        for at in range(registers)
    ]
    query = sa.select(_clock).where(sa.or_(*here), _clock.status.in_(OPEN))
    return query.order_by(_clock.status != PAUSED, _clock.due_at.desc())


def days_left(row: DeadlineClock, now: dt.datetime, calendar: WorkCalendar) -> Decimal:
    """Working days until the limit, to one decimal; negative when late."""
    if now <= row.due_at:
        return calendar.working_days_between(now, row.due_at).quantize(Decimal("0.1"))
    return -calendar.working_days_between(row.due_at, now).quantize(Decimal("0.1"))


def words_of(row: DeadlineClock, calendar: WorkCalendar) -> tuple[str, str, int]:
    """Tone, text and percentage used of a clock, for a cell or a card."""
    now = clock.now()
    if row.status == PAUSED:
        return "mute", _("paused"), 100
    if row.status in (MET, LATE_MET):
        return ("late", _("done late"), 100) if row.status == LATE_MET else ("ok", _("in time"), 100)
    if row.stopped_at is not None:
        return "mute", _("dropped"), 100
    if row.tone == operations.ENDS and now > row.due_at:
        return "mute", _("ended"), 100
    if now > row.due_at or row.status == BREACHED:
        return "late", late_by(row.due_at, now, calendar, by_the_clock(row)), 100
    return *_left(row, now, calendar), _percent(row, now)


def _left(row: DeadlineClock, now: dt.datetime, calendar: WorkCalendar) -> tuple[str, str]:
    """Tone and text of the time that is left."""
    by_clock, left = by_the_clock(row), row.due_at - now
    if by_clock and left < NEAR:
        return "warn", counted(int(left.total_seconds()) // 60, *MINUTES_LEFT)
    if clock.to_local(row.due_at).date() == clock.today():
        return "warn", _("due today %(time)s", time=clock.to_local(row.due_at).strftime("%H:%M"))
    if by_clock:
        return "info", counted(int(left.total_seconds()) // 3600, *HOURS_LEFT)
    if row.allowance and row.allowance.get("unit") == "calendar_days":
        number = _plain(Decimal(f"{left / DAY:.1f}"))
        return "warn" if left < 2 * DAY else "info", counted(number, *DAYS_LEFT)
    days = days_left(row, now, calendar)
    return "warn" if days <= SOON else "info", counted(_plain(days), *WORKING_DAYS_LEFT)


def by_the_clock(row: DeadlineClock) -> bool:
    """Whether a clock counts hours or minutes of the day, or runs until a time: rest days do not stop it."""
    if row.allowance:
        return row.allowance.get("unit") in ("hours", "minutes")
    return row.until_at is not None and clock.to_local(row.until_at).time() != END_OF_DAY


def late_by(due: dt.datetime, at: dt.datetime, calendar: WorkCalendar, by_clock: bool = False) -> str:
    """How late something is: in working days; below a tenth of one, or by the clock, in hours or minutes."""
    if by_clock and at - due >= LONG:
        return counted((at - due).days, *DAYS_LATE)
    days = Decimal(0) if by_clock else calendar.working_days_between(due, at).quantize(Decimal("0.1"))
    if days:
        return counted(_plain(days), *WORKING_DAYS_LATE)
    minutes = max(1, int((at - due).total_seconds()) // 60)
    if minutes < HOUR:
        return counted(minutes, *MINUTES_LATE)
    return counted(minutes // HOUR, *HOURS_LATE)


def _plain(days: Decimal) -> str:
    """One decimal where there is one: 2, 1.5."""
    return f"{days.normalize():f}"


def _percent(row: DeadlineClock, now: dt.datetime) -> int:
    whole = (row.due_at - row.started_at).total_seconds()
    return max(0, min(100, int(100 * (now - row.started_at).total_seconds() / whole))) if whole > 0 else 100


def cell(row: DeadlineClock | None) -> Markup:
    """A clock in a list."""
    if row is None:
        return values.DASH
    tone, text, percent = words_of(row, operations.working_calendar(row))
    exact = clock.to_local(row.due_at).strftime("%Y-%m-%d %H:%M")
    return CELL.format(tone, row.label, exact, text, percent)


def page_of(row: DeadlineClock) -> str:
    """The page of the policy version that a clock runs under, as addresses name it."""
    return policy.page_of(row.pack_version_id)


def explanation(row: DeadlineClock, trial_url: str = "") -> Markup:
    """Every counted and skipped day behind a due instant, as HTML; ``trial_url`` leads on to the calculator."""
    return fragment("_explanation.html", e=facts(row) | {"calc_url": trial_url})


def facts(row: DeadlineClock) -> dict[str, Any]:
    """The explanation of a clock: rule, start, days, cap, assumption."""
    reckoned = operations.explain(row)
    days = list(reckoned.allowed.explanation.days) if reckoned.allowed else []
    counted = [day for day in days if day.status in (Status.COUNTED, Status.MAKEUP)]
    due = clock.to_local(row.due_at)
    return {
        "id": f"clock-{row.id}",
        "rule": str(row.label),
        "clause": forms.clause_link(page_of(row), row.clause or ""),
        "inputs": [{"label": _("Received"), "value": clock.to_local(row.started_at).strftime("%Y-%m-%d %H:%M")}],
        "due": due.strftime("%Y-%m-%d %H:%M:%S"),
        "counted": len(counted),
        "skipped": len(days) - len(counted),
        "makeup": sum(day.status == Status.MAKEUP for day in days),
        "unit": _("days"),
        "runs": runs(days),
        "cap": _("A step never outlives its case: the case's limit counts.") if reckoned.capped else "",
        "assumptions": [{"text": _("The make-up workdays of that year are not announced yet.")}]
        if row.provisional
        else [],
    }


VERDICTS = {Status.COUNTED: "on", Status.MAKEUP: "makeup"}


def runs(days: Iterable[Any]) -> list[dict[str, Any]]:
    """Days of one verdict and one name, joined."""
    found: list[dict[str, Any]] = []
    for entry in days:
        kind, note = VERDICTS.get(entry.status, "off"), _why(entry)
        date = entry.day.date.strftime("%m-%d")
        if found and found[-1]["kind"] == kind and found[-1]["note"] == note:
            found[-1] |= {"to": date, "last": entry.day.date, "total": entry.count if kind != "off" else ""}
        else:
            found.append(
                {
                    "from": date,
                    "to": date,
                    "weekday": "",
                    "kind": kind,
                    "status": entry.status,
                    "last": entry.day.date,
                    "note": note,
                    "total": entry.count if kind != "off" else "",
                }
            )
    return found


def _why(entry: Any) -> str:
    if entry.status == Status.FIRST_DAY:
        return _("The day of receipt does not count")
    if any(entry.day.name):
        return str(Words(*entry.day.name))
    kinds = {Kind.WORKDAY: _("Working day"), Kind.MAKEUP: _("Make-up workday"), Kind.WEEKEND: _("Weekend")}
    return kinds.get(entry.day.kind, _("Rest day"))


def list_clock(page: ListPage, found: Page) -> None:
    """A column with the most urgent clock on lists of cases."""
    if not page.register.from_pack or not page.rows:
        return
    clocks = urgent_for(page.register.slug, [row["id"] for row in page.rows])
    page.columns.append({"key": "clock", "label": _("Time left"), "align": "", "sort_url": None, "sorted": None})
    for row in page.rows:
        row["cells"].append(cell(clocks.get(row["id"])))


@explaining.explains("clocks")
def explain_clocks(whole: Whole) -> list[dict[str, Any]]:
    """Clocks of a row with every counted and skipped day, for REST."""
    found = []
    for row in operations.clocks_of(whole.register.slug, whole.record.id):
        reckoned = operations.explain(row)
        days = reckoned.allowed.explanation.days if reckoned.allowed else ()
        found.append(
            {
                "key": row.key,
                "label": row.words,
                "clause": row.clause,
                "status": row.status,
                "started_at": clock.to_local(row.started_at).isoformat(),
                "due_at": clock.to_local(row.due_at).isoformat(),
                "capped": reckoned.capped,
                "uncapped_at": clock.to_local(reckoned.uncapped).isoformat(),
                "provisional": row.provisional,
                "days": [
                    {"date": day.day.date.isoformat(), "status": str(day.status), "count": str(day.count)}
                    for day in days
                ],
            }
        )
    return found


pages.on_list(list_clock, order=10)
