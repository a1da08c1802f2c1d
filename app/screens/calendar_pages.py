"""What the calendar editor shows: months, counts, one day, the notice, and the deadlines that a change moves."""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import access, clock
from app.core.errors import Problem
from app.core.lifecycle import Words
from app.engines.calendar import editing
from app.engines.calendar import operations as calendars
from app.engines.calendar.calc import Day, Kind, WorkCalendar
from app.engines.calendar.models import FIRM, SOURCES, WEEKDAYS, Calendar, CalendarDay, CalendarYear
from app.engines.deadlines.replanning import Shift
from app.screens import case_names

SHOWN = 200
KINDS: Mapping[str, Any] = {
    "working": _l("A working day of ours"), "rest": _l("A rest day of ours"),
    "official": _l("As the official calendar"),
}
CLASSES = {Kind.HOLIDAY: "hol", Kind.MAKEUP: "mk", Kind.WEEKEND: "wk", Kind.WORKDAY: ""}
KIND_WORDS: Mapping[Kind, Any] = {
    Kind.WORKDAY: _l("Working day"), Kind.MAKEUP: _l("Make-up workday"), Kind.WEEKEND: _l("Weekend"),
    Kind.HOLIDAY: _l("Public holiday"),
}
SHORT = ("一", "二", "三", "四", "五", "六", "日")
Typed = Mapping[str, str]


def year_page(
    calendar: Calendar, year: int, date: dt.date | None, typed: Typed | None = None,
    problems: Sequence[Problem] = (), moved: Sequence[Shift] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A year with its months; for whoever may change it, one day and the notice beside them."""
    days = calendars.calendar_for(calendar.code)
    known, writes = editing.year_of(calendar.code, year), access.current().can("calendar", "write")
    of_day = typed if typed is not None and "kind" in typed else {}
    of_notice = typed if typed is not None and "notice" in typed else {}
    whole = days.days(dt.date(year, 1, 1), dt.date(year, 12, 31))
    return {
        "title": str(Words(calendar.name_zh, calendar.name_en)), "year": year, "subtitle": _sub(calendar, known),
        "provisional": "" if known and known.status == FIRM else _provisional(known), "writes": writes,
        "prev_url": url_for("CalendarsView.year", code=calendar.code, year=year - 1),
        "next_url": url_for("CalendarsView.year", code=calendar.code, year=year + 1),
        "views": _views(calendar, year), "actions": _actions(calendar, writes), "counts": _counts(whole),
        "weekdays": [_weekday(number) for number in range(7)],
        "months": [_month(calendar, days, year, month, date) for month in range(1, 13)],
        "day": _day(calendar, days.day(date), of_day, problems, writes) if date else None,
        "notice": _notice(calendar, year, of_notice, problems) if writes and not date else None,
        "problems": problems, "moved": _moved(moved) if moved is not None and not problems else None,
        "row_version": calendar.row_version, "step": _step(moved, problems, typed),
    }


def moved_words(count: int) -> str:
    """How many limits a change moved, as a sentence."""
    return _("%(count)s open deadlines moved.", count=count) if count else _("No open deadline moved.")


def _step(moved: Sequence[Shift] | None, problems: Sequence[Problem], typed: Typed | None) -> str:
    """Whether a change was looked at and may be made now."""
    return "save" if typed is not None and moved is not None and not problems else "preview"


def _sub(calendar: Calendar, known: CalendarYear | None) -> str:
    source = _(" · according to %(source)s", source=known.source) if known else ""
    return _("Office hours %(hours)s", hours=calendar.office_hours) + source


def _provisional(known: CalendarYear | None) -> str:
    if known is None:
        return _("Nothing is announced for this year: it follows the week and the holidays on fixed dates. "
                 "Limits that count its days may move.")
    return _("The make-up workdays of this year are not announced yet. Limits that count its days may move.")


def _views(calendar: Calendar, year: int) -> list[dict[str, Any]]:
    known = editing.calendars()
    return [
        {"label": str(Words(one.name_zh, one.name_en)), "active": one.code == calendar.code,
         "url": url_for("CalendarsView.year", code=one.code, year=year)}
        for one in known
    ] if len(known) > 1 else []  # fmt: skip


def _actions(calendar: Calendar, writes: bool) -> list[dict[str, Any]]:
    found = [{"label": _("This year"), "icon": "calendar-event",
              "url": url_for("CalendarsView.year", code=calendar.code, year=clock.today().year)}]
    if writes:
        rules = url_for("CalendarView.show", pk=calendar.id)
        found.append({"label": _("Hours and rest days"), "url": rules, "icon": "adjustments"})
    return found


def _counts(days: Sequence[Day]) -> list[dict[str, Any]]:
    kinds = [day.kind for day in days]
    told = ((_("Working days"), sum(day.working for day in days)), (_("Public holidays"), kinds.count(Kind.HOLIDAY)),
            (_("Make-up workdays"), kinds.count(Kind.MAKEUP)))
    return [{"label": label, "value": value} for label, value in told]


def _weekday(number: int) -> str:
    label = str(WEEKDAYS[str(number + 1)])
    return SHORT[number] if not label.isascii() else label[:2]


def _month(calendar: Calendar, days: WorkCalendar, year: int, month: int, chosen: dt.date | None) -> dict[str, Any]:
    first, length = months.monthrange(year, month)
    return {
        "label": _("%(year)s-%(month)02d", year=year, month=month), "pad": first,
        "days": [_cell(calendar, days.day(dt.date(year, month, number)), chosen) for number in range(1, length + 1)],
    }


def _cell(calendar: Calendar, day: Day, chosen: dt.date | None) -> dict[str, Any]:
    name = str(Words(*day.name)) if any(day.name) else ""
    note = {Kind.HOLIDAY: _("off"), Kind.MAKEUP: _("work")}.get(day.kind, "")
    url = url_for("CalendarsView.year", code=calendar.code, year=day.date.year, day=day.date.isoformat())
    return {
        "n": day.date.day, "kind": CLASSES[day.kind], "note": note, "url": f"{url}#day",
        "title": " · ".join(filter(None, (day.date.isoformat(), str(KIND_WORDS[day.kind]), name))),
        "selected": day.date == chosen,
    }


# -- one day ---------------------------------------------------------------------------------------------------------


def _day(calendar: Calendar, day: Day, typed: Typed, problems: Sequence[Problem], writes: bool) -> dict[str, Any]:
    own = editing.company_day(calendar.code, day.date)
    name = str(Words(*day.name)) if any(day.name) else ""
    return {
        "title": f"{day.date.isoformat()} {_weekday(day.date.weekday())}", "what": str(KIND_WORDS[day.kind]),
        "name": name, "provisional": day.provisional, "source": str(SOURCES[own.source]) if own else "",
        "tone": {"hol": "late", "mk": "warn", "wk": "mute"}.get(CLASSES[day.kind], "ok"),
        "fields": _day_fields(day, own, typed, problems) if writes else [],
        "action": url_for("CalendarsView.day", code=calendar.code, year=day.date.year, day=day.date.isoformat()),
        "back_url": url_for("CalendarsView.year", code=calendar.code, year=day.date.year),
    }


def _day_fields(
    day: Day, own: CalendarDay | None, typed: Typed, problems: Sequence[Problem]
) -> list[dict[str, Any]]:
    now = ("working" if own.working else "rest") if own else ""
    kinds = [(key, label) for key, label in KINDS.items() if own or key != "official"]
    english = _("Without one the Chinese name stands in both languages.")
    return [
        _field("kind", _("The day is"), "choice", typed.get("kind", now), problems, required=True, choices=kinds),
        _field("name_zh", _("Chinese name"), "text", typed.get("name_zh", own.name_zh if own else ""), problems,
               max_length=100),
        _field("name_en", _("English name"), "text", typed.get("name_en", own.name_en if own else ""), problems,
               max_length=100, help=english),
        _field("reason", _("Reason"), "text", typed.get("reason", ""), problems, required=True, max_length=200),
    ]  # fmt: skip


def _field(name: str, label: str, kind: str, value: str, problems: Sequence[Problem], **more: Any) -> dict[str, Any]:
    error = next((problem.message for problem in problems if problem.field == name), None)
    return {"name": name, "label": label, "kind": kind, "value": value, "error": error, "choices": []} | more


# -- the notice and what moves ---------------------------------------------------------------------------------------


def _notice(calendar: Calendar, year: int, typed: Typed, problems: Sequence[Problem]) -> dict[str, Any]:
    shape = _("The official text, or a line for each day: 2026-10-01, holiday, 国庆节, National Day")
    return {
        "action": url_for("CalendarsView.notice", code=calendar.code, year=year),
        "fields": [
            _field("source", _("Notice"), "text", typed.get("source", ""), problems, required=True, max_length=200,
                   help=_("Its number or title, kept with the year.")),
            _field("notice", _("Text"), "longtext", typed.get("notice", ""), problems, required=True, help=shape),
        ],
        "typed": bool(typed),
    }  # fmt: skip


def _moved(moved: Sequence[Shift]) -> dict[str, Any]:
    """The deadlines that move, the earliest first."""
    shown = moved[:SHOWN]
    named = case_names.names((shift.of_register, shift.record_id) for shift in shown)
    rows = [
        {"case": named[shift.of_register, shift.record_id], "clock": str(Words(**shift.words)),
         "before": _time(shift.before), "after": _time(shift.after), "later": shift.after > shift.before}
        for shift in shown
    ]
    return {"rows": rows, "count": len(moved), "more": len(moved) - len(shown)}


def _time(at: dt.datetime) -> str:
    return clock.to_local(at).strftime("%Y-%m-%d %H:%M")
