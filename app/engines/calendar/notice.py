"""Reading the yearly notice on holidays: the official text, or lines of date, kind and name. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping

from flask_babel import gettext as _

from app.core.errors import Problem, Refusal
from app.core.wording import listed
from app.engines.calendar.calc import DayRow, Name

REST, WORK = "rest", "work"
KINDS: Mapping[str, str] = {
    **dict.fromkeys(("holiday", "rest", "off", "放假", "休", "休息", "节假日"), REST),
    **dict.fromkeys(("workday", "makeup", "work", "上班", "班", "补班", "调休上班"), WORK),
}
LONGEST = 31

_DATE = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日"
_NOTE = r"(?:[（(]([^）)]*)[）)])?"
_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
_SPAN = re.compile(rf"{_DATE}{_NOTE}(?:\s*(?:至|到|—|–|-|~)\s*{_DATE}{_NOTE})?")
_HEAD = re.compile(r"^(?:[一二三四五六七八九十]+、|\d+[.、])?\s*([^：:，,。\d]{1,40})[：:](.+)$")
_PLAIN = re.compile(r"^(\d{4}-\d{1,2}-\d{1,2})(?:\s*(?:\.\.|至|~)\s*(\d{4}-\d{1,2}-\d{1,2}))?\s*[,，;；\t ]\s*(.+)$")
_BREAKS = re.compile(r"\s*[,，;；\t]\s*")
_MONTH_DAY = re.compile(r"\d{1,2}月\d{1,2}日")


class _Unreadable(ValueError):
    """A line that says no day; carries the sentence."""


def read_notice(text: str, year: int, names: Mapping[str, Name], makeup: Name) -> list[DayRow]:
    """The holidays and make-up workdays that a notice for ``year`` names, in order.

    Lines are ``2026-10-01, holiday, 国庆节, National Day`` (also ``2026-10-01..2026-10-07``, and 放假 or 上班 as kind),
    or sentences of the official text; lines without a date are passed over. ``names`` gives the English of known
    holidays. Raises ``Refusal`` with a problem for each line that cannot be read.
    """
    found: list[DayRow] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            found += _days_of(line.strip(), year, names, makeup)
        except ValueError as error:
            said = str(error) if isinstance(error, _Unreadable) else _("there is no such date")
            problems.append(Problem(_("Line %(number)s: %(why)s", number=number, why=said), "notice", "line"))
    Refusal.when(problems)
    return sorted(found, key=lambda row: row.date)


def _days_of(line: str, year: int, names: Mapping[str, Name], makeup: Name) -> Iterator[DayRow]:
    if plain := _PLAIN.match(line):
        yield from _plain_days(plain, names, makeup)
    elif head := _HEAD.match(line):
        name = _named(head[1].strip(), names)
        for sentence in re.split(r"[。；;]", head[2]):
            yield from _sentence_days(sentence, year, name, makeup)
    elif _MONTH_DAY.search(line) and ("放假" in line or "上班" in line):
        raise _Unreadable(_("the name of the holiday and a colon are expected before the dates"))
    elif re.match(r"\d", line):
        raise _Unreadable(_("a date such as 2026-10-01, the kind and the name are expected"))


def _plain_days(line: re.Match[str], names: Mapping[str, Name], makeup: Name) -> Iterator[DayRow]:
    kind, *words = [word for word in _BREAKS.split(line[3]) if word]
    if not words and len(parts := kind.split(maxsplit=1)) == 2:
        kind, words = parts[0], [parts[1]]
    if (meant := KINDS.get(kind.strip().lower())) is None:
        known = listed(dict.fromkeys(KINDS))
        raise _Unreadable(_("“%(kind)s” is not one of: %(known)s", kind=kind, known=known))
    if meant == REST and not words:
        raise _Unreadable(_("the name of the holiday is missing"))
    name = makeup if not words else Name(words[0], words[1]) if len(words) > 1 else _named(words[0], names)
    first = _iso(line[1])
    for date in _range(first, _iso(line[2]) if line[2] else first):
        yield DayRow(date, meant == WORK, name)


def _iso(text: str) -> dt.date:
    return dt.date(*map(int, text.split("-")))


def _sentence_days(sentence: str, year: int, name: Name, makeup: Name) -> Iterator[DayRow]:
    """The dates before 放假 are holidays, those before 上班 make-up workdays; other sentences only comment."""
    for words, working in (("放假", False), ("上班", True)):
        if words in sentence:
            for span in _SPAN.finditer(sentence.partition(words)[0]):
                for date in _span_days(span, year):
                    yield DayRow(date, working, makeup if working else name)
            return


def _span_days(span: re.Match[str], year: int) -> Iterator[dt.date]:
    first_year, month, day, note, last_year, last_month, last_day, last_note = span.groups()
    if not month:
        raise _Unreadable(_("a date needs its month"))
    first = _noted(dt.date(int(first_year or year), int(month), int(day)), note)
    if not last_day:
        return iter([first])
    last = dt.date(int(last_year or first.year), int(last_month or month), int(last_day))
    return _range(first, _noted(last, last_note))


def _noted(date: dt.date, note: str | None) -> dt.date:
    """The date, if the weekday that stands in brackets behind it is its own: else year or day are mistyped."""
    said = _WEEKDAY.search(note or "")
    if said and "一二三四五六日".index(said[1].replace("天", "日")) != date.weekday():
        raise _Unreadable(_("%(date)s is not %(weekday)s as the notice says; compare year and day", date=date,
                            weekday=said[0]))  # fmt: skip
    return date


def _range(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    if not 0 <= (last - first).days < LONGEST:
        raise _Unreadable(_("the period from %(first)s to %(last)s cannot be meant", first=first, last=last))
    return (first + dt.timedelta(days=n) for n in range((last - first).days + 1))


def _named(zh: str, names: Mapping[str, Name]) -> Name:
    """The name with the English of its parts (国庆节、中秋节); an unknown part stays Chinese."""
    parts = [part.strip() for part in zh.split("、")]
    return Name(zh, " / ".join(names[part].en if part in names else part for part in parts))
