"""A cron text as people say it; one that has no simple words stays as it is written."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from app.core.wording import listed

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORKWEEK = ("mon-fri", "mon,tue,wed,thu,fri")


def in_words(schedule: str) -> str:
    """The schedule in the reader's language, such as “every day at 00:05” or “every 10 minutes”."""
    parts = schedule.split()
    if len(parts) != 5:
        return schedule
    minute, hour, day, month, weekday = parts
    if found := _often(minute, hour, day, month, weekday):
        return found
    times = _times(minute, hour)
    frame = _frame(day, month, weekday) if times else None
    return frame(times) if frame else schedule


def _often(minute: str, hour: str, *dates: str) -> str:
    """Every so many minutes or hours of every day."""
    if any(part != "*" for part in dates):
        return ""
    if hour == "*" and minute == "*":
        return _("every minute")
    if hour == "*" and minute.startswith("*/"):
        return _("every %(number)s minutes", number=minute[2:])
    if hour == "*" and minute.isdecimal():
        return _("every hour at minute %(minute)s", minute=int(minute))
    if hour.startswith("*/") and minute.isdecimal():
        return _("every %(number)s hours at minute %(minute)s", number=hour[2:], minute=int(minute))
    return ""


def _times(minute: str, hour: str) -> str:
    hours, minutes = hour.split(","), minute.split(",")
    if not all(part.isdecimal() for part in (*hours, *minutes)):
        return ""
    return listed(f"{int(h):02}:{int(m):02}" for h in hours for m in minutes)


def _frame(day: str, month: str, weekday: str) -> Callable[[str], str] | None:
    if (day, month, weekday) == ("*", "*", "*"):
        return lambda times: _("every day at %(times)s", times=times)
    if (day, month) == ("*", "*") and weekday in WORKWEEK:
        return lambda times: _("Monday to Friday at %(times)s", times=times)
    if (day, month) == ("*", "*") and all(part in WEEKDAYS for part in weekday.split(",")):
        names = listed(_weekday(part) for part in weekday.split(","))
        return lambda times: _("every %(weekdays)s at %(times)s", weekdays=names, times=times)
    if weekday == "*" and day.isdecimal() and month == "*":
        return lambda times: _("on day %(day)s of every month at %(times)s", day=int(day), times=times)
    if weekday == "*" and day.isdecimal() and month.isdecimal():
        date = f"{int(month):02}-{int(day):02}"
        return lambda times: _("every year on %(date)s at %(times)s", date=date, times=times)
    return None


def _weekday(name: str) -> str:
    names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    return names[WEEKDAYS.index(name)]
