"""Working calendars, year by year: days of the company's own, the yearly notice, and which deadlines a change moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core import clock
from app.core.db import session
from app.core.errors import Conflict, NotFound, Problem, Refusal
from app.core.screen import Screen
from app.engines.calendar import editing, notice
from app.engines.calendar import operations as calendars
from app.engines.calendar.calc import DayRow, Name
from app.engines.calendar.models import Calendar
from app.engines.deadlines import replanning
from app.engines.deadlines.replanning import Shift
from app.screens import calendar_pages

FIRST, LAST = 1990, 2100
SAVE = "save"
LONGEST = 20_000


class CalendarsView(Screen):
    """The calendar editor; everybody looks, whoever may change calendars edits."""

    route_base = "/calendars"
    class_permission_name = "calendar"
    method_permission_name = {"list": "read", "year": "read", "day": "write", "notice": "write"}
    default_view = "list"
    menu_area, menu_label, menu_icon, menu_order = "platform", _l("Working calendar"), "calendar", 20

    @expose("/")
    @has_access
    def list(self) -> Response:
        """The present year of the usual calendar, or of the first there is."""
        known = [calendar.code for calendar in editing.calendars()]
        if not known:
            raise NotFound(_("There is no calendar yet."))
        code = calendars.DEFAULT if calendars.DEFAULT in known else known[0]
        return redirect(url_for(".year", code=code, year=clock.today().year))

    @expose("/<code>/<int:year>")
    @has_access
    def year(self, code: str, year: int) -> str:
        """The months of a year; with ``?day=`` one day beside them."""
        calendar = _calendar(code, year)
        return render_template("calendar.html", page=calendar_pages.year_page(calendar, year, _asked_day(year)))

    @expose("/<code>/<int:year>/day/<day>", methods=["POST"])
    @has_access
    def day(self, code: str, year: int, day: str) -> Any:
        """A day of the company's own, or the official one again: first what it moves, then the change."""
        calendar, date = _calendar(code, year), _date(day)
        if date is None or date.year != year:
            raise NotFound()

        def foresee() -> Sequence[Shift]:
            return replanning.foresee(*editing.imagine_day(code, date, _typed_day(date)))

        def save() -> None:
            made, reason = _typed_day(date), request.form["reason"]
            if made is None:
                calendars.clear_day(code, date, reason)
            else:
                calendars.set_day(code, date, working=made.working, name=made.name, reason=reason)

        return self._act(calendar, year, date, foresee, save, _check_day, _("%(day)s is changed.", day=date))

    @expose("/<code>/<int:year>/notice", methods=["POST"])
    @has_access
    def notice(self, code: str, year: int) -> Any:
        """The government's notice for a year: first what it says and moves, then the change."""
        calendar = _calendar(code, year)

        def foresee() -> Sequence[Shift]:
            return replanning.foresee(*editing.imagine_notice(code, year, _typed_notice(code, year)))

        def save() -> None:
            calendars.import_notice(code, year, _typed_notice(code, year), request.form["source"].strip())

        done = _("The notice for %(year)s is taken over.", year=year)
        return self._act(calendar, year, None, foresee, save, _check_notice, done)

    def _act(
        self, calendar: Calendar, year: int, date: dt.date | None, foresee: Callable[[], Sequence[Shift]],
        save: Callable[[], None], check: Callable[[], Sequence[Problem]], done: str,
    ) -> Any:  # fmt: skip
        """Show what a change moves, or make it; a refusal keeps what was typed."""
        code, problems, moved = calendar.code, [], None
        try:
            Refusal.when(check())
            moved = foresee()
            if request.form.get("step") == SAVE:
                _check_fresh(calendar)
                save()
                flash(f"{done} {calendar_pages.moved_words(len(moved))}", "success")
                return redirect(url_for(".year", code=code, year=year, day=date.isoformat() if date else None))
        except Refusal as refusal:
            if refusal.status == 403:
                raise
            session.rollback()
            problems = refusal.problems
        page = calendar_pages.year_page(_calendar(code, year), year, date, request.form, problems, moved)
        return render_template("calendar.html", page=page), 422 if problems else 200


def _calendar(code: str, year: int) -> Calendar:
    if not FIRST <= year <= LAST:
        raise NotFound()
    return calendars.row_of(code)


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _asked_day(year: int) -> dt.date | None:
    day = _date(request.args.get("day", ""))
    return day if day is not None and day.year == year else None


def _check_fresh(calendar: Calendar) -> None:
    """Refuse a change that was previewed on other days than there are now."""
    seen = request.form.get("row_version", "")
    if seen.isdecimal() and int(seen) != calendar.row_version:
        raise Conflict(_("Somebody changed the calendar meanwhile. Look at what moves once more."))


# -- what was typed --------------------------------------------------------------------------------------------------


def _check_day() -> list[Problem]:
    found, kind = [], request.form.get("kind", "")
    if kind not in calendar_pages.KINDS:
        found.append(Problem(_("Choose what the day is."), "kind", "required"))
    if kind in ("working", "rest") and not request.form.get("name_zh", "").strip():
        found.append(Problem(_("Give the day a name."), "name_zh", "required"))
    for name, longest in (("name_zh", 100), ("name_en", 100), ("reason", 200)):
        if len(request.form.get(name, "")) > longest:
            found.append(Problem(_("At most %(size)s characters.", size=longest), name, "size"))
    if not request.form.get("reason", "").strip():
        found.append(Problem(_("Please give the reason."), "reason", "required"))
    return found


def _typed_day(date: dt.date) -> DayRow | None:
    """The day as it was typed; ``None`` goes back to the official one."""
    kind = request.form["kind"]
    if kind == "official":
        return None
    zh = request.form["name_zh"].strip()
    return DayRow(date, kind == "working", Name(zh, request.form.get("name_en", "").strip() or zh))


def _check_notice() -> list[Problem]:
    found = []
    if not request.form.get("source", "").strip():
        found.append(Problem(_("Name the notice, such as 国办发明电〔2024〕12号."), "source", "required"))
    if len(request.form.get("source", "")) > 200:
        found.append(Problem(_("At most %(size)s characters.", size=200), "source", "size"))
    if len(request.form.get("notice", "")) > LONGEST:
        found.append(Problem(_("The text is longer than a notice can be."), "notice", "size"))
    return found


def _typed_notice(code: str, year: int) -> list[DayRow]:
    names, makeup = editing.known_names(code)
    return notice.read_notice(request.form.get("notice", ""), year, names, makeup)
