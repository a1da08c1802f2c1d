"""What the calculator shows of a due instant: months, day by day, and what if it had been otherwise."""

from __future__ import annotations

import calendar as dates
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.core import clock, forms
from app.core.errors import Refusal
from app.core.lifecycle import Words
from app.engines.calendar.calc import Kind, WorkCalendar, second_of
from app.engines.deadlines import pages
from app.engines.deadlines.explain import CountedDay, Status
from app.engines.deadlines.trial import Trial
from app.engines.policy import inputs
from app.engines.policy.reading.words import value_words
from app.screens import trial_words as words
from app.screens import trying
from app.screens.trial_answers import COUNTING, counts, days_of
from app.screens.trying import ALL, START, Chosen, Facts

MONTHS = 6
CLASSES = {Kind.HOLIDAY: "hol", Kind.WEEKEND: "wk"}
MINUTE = dt.timedelta(minutes=1)
Result = dict[str, Any]


def one(chosen: Chosen, key: str, given: Facts) -> Result:
    """The result for one clock."""
    found = trying.run(chosen, key, given)[0]
    chosen = replace(chosen, settings=chosen.on(found.calendar.local(found.start).date()))
    clause = found.granted.clause if found.granted else found.spec.clause
    result: Result = {
        "label": _("Due"), "what": str(found.spec.label), "clause": forms.clause_link(chosen.page, clause),
        "rule": words.rule(chosen, found), "notes": list(_notes(chosen, found)), "used": _used(chosen, found),
    }  # fmt: skip
    if found.reckoned is None:
        return result | {"big": _("No limit"), "small": " ".join(result["rule"])}
    days = days_of(found)
    return result | {
        "big": words.exact(found.reckoned.at), "small": words.limit(found), "tiles": _tiles(found, days),
        "months": _months(found, days), "columns": _heads(found), "rows": _rows(chosen, found, days),
        "otherwise": list(_otherwise(chosen, key, given, found)),
    }  # fmt: skip


def _used(chosen: Chosen, found: Trial) -> list[dict[str, Any]]:
    keys = (key for given in found.spec.allowances for key in words.refs((given.number, given.unit)))
    return list(words.settings_used(chosen, keys))


def _notes(chosen: Chosen, found: Trial) -> Iterator[dict[str, str]]:
    if found.granted is not None and found.granted.basis == "assumed":
        yield {"tone": "warn", "text": _("The policy does not say this limit; it is assumed (%(clause)s).",
                                         clause=found.granted.clause)}
    if found.reckoned is not None and found.reckoned.provisional:
        yield {"tone": "warn", "text": _("The make-up workdays of that year are not announced yet.")}
    if found.reckoned is not None and found.reckoned.capped:
        yield {"tone": "info", "text": _("A step never outlives its case: the case's limit counts.")}
    if found.spec.cap and found.cap is None:
        label = chosen.pack.clocks[found.spec.cap].label
        yield {"tone": "info", "text": _("In a case it also ends with “%(clock)s”; say since when that runs.",
                                         clock=label)}


def _tiles(found: Trial, days: tuple[CountedDay, ...]) -> list[dict[str, Any]]:
    """Counted, made up, skipped; all days of the calendar from the start to the end."""
    assert found.reckoned is not None
    told, first = counts(days), found.calendar.local(found.start).date()
    span = (found.calendar.local(found.reckoned.at).date() - first).days
    tiles = [
        {"value": told["counted"], "label": _("Counted"), "tone": ""},
        {"value": told["makeup"], "label": _("Make-up workdays"), "tone": "fg-warn"},
        {"value": told["skipped"], "label": _("Skipped"), "tone": "fg-mute"},
    ] if days else []  # fmt: skip
    return [*tiles, {"value": span, "label": _("Calendar days"), "tone": ""}]


# -- day by day --------------------------------------------------------------------------------------------------------


def _heads(found: Trial) -> list[dict[str, str]]:
    total = _("Office hours in all") if found.allowance and found.allowance.by_the_clock else _("Total")
    return [{"label": _("Day")}, {"label": _("Verdict")}, {"label": _("Basis")}, {"label": total, "align": "end"}]


def _rows(chosen: Chosen, found: Trial, days: Iterable[CountedDay]) -> list[dict[str, Any]]:
    """Runs of equal days; what the calendar decides cites the clause of the calendar."""
    assert found.granted is not None
    rows = []
    for run in pages.runs(days):
        of_calendar = run["kind"] != "on" and run["status"] not in (Status.FIRST_DAY, Status.ROLLED)
        clause = chosen.pack.calendar.clause if of_calendar else found.granted.clause
        tone, verdict = {"on": ("fg-info", _("Counted")), "makeup": ("fg-warn", _("Counted"))}.get(
            run["kind"], ("fg-mute", _("Skipped"))
        )
        alone = run["from"] == run["to"]
        day, week = (run["from"], words.weekday(run["last"])) if alone else (f"{run['from']} – {run['to']}", "")
        said = Markup('<span class="{}">{}</span> <span class="text-secondary">{}</span>')
        rows.append({"cells": [
            Markup('<span class="kz-num text-nowrap">{} <span class="kz-xs">{}</span></span>').format(day, week),
            said.format(tone, verdict, run["note"]), forms.clause_link(chosen.page, clause) or "", run["total"] or "—",
        ]})  # fmt: skip
    return rows


# -- months ------------------------------------------------------------------------------------------------------------


def _months(found: Trial, days: Iterable[CountedDay]) -> list[dict[str, Any]]:
    """The months from the start to the end; of many the first ones and the last."""
    assert found.reckoned is not None
    first, last = (found.calendar.local(at).date() for at in (found.start, found.reckoned.at))
    known = {one.day.date: one for one in days}
    span = [*_between(min(first, last), max(first, last))]
    shown = span if len(span) <= MONTHS else [*span[: MONTHS - 1], span[-1]]
    months = [_month(found.calendar, year, month, known, first, last) for year, month in shown]
    if len(shown) < len(span):
        months[-1]["gap"] = _("%(count)s months in between are left out.", count=len(span) - len(shown))
    return months


def _between(first: dt.date, last: dt.date) -> Iterator[tuple[int, int]]:
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield number // 12, number % 12 + 1


def _month(
    days: WorkCalendar, year: int, month: int, known: Mapping[dt.date, CountedDay], first: dt.date, last: dt.date
) -> dict[str, Any]:
    pad, length = dates.monthrange(year, month)
    dated = (dt.date(year, month, number) for number in range(1, length + 1))
    return {
        "label": _("%(year)s-%(month)02d", year=year, month=month), "pad": pad,
        "days": [_cell(days, day, known.get(day), first, last) for day in dated],
    }  # fmt: skip


def _cell(
    days: WorkCalendar, date: dt.date, counted: CountedDay | None, first: dt.date, last: dt.date
) -> dict[str, Any]:
    """One day: how it counted, in colour and in words."""
    day = days.day(date)
    kinds, note = [CLASSES.get(day.kind, "")], {Kind.HOLIDAY: _("off"), Kind.WEEKEND: _("rest")}.get(day.kind, "")
    if counted is not None and counted.status in COUNTING and not first <= last < date:
        kinds, note = ["on"], str(counted.count.normalize() if hasattr(counted.count, "normalize") else counted.count)
        if counted.status == Status.MAKEUP:
            kinds.append("mk")
            note += _(" work")
    elif day.kind == Kind.MAKEUP:
        kinds, note = ["mk"], _("work")
    if date == first:
        kinds, note = [*kinds, "from"], note if "on" in kinds else _("start")
    if date == last:
        kinds, note = ["due"], _("due")
    name = str(Words(*day.name)) if any(day.name) else ""
    return {"n": date.day, "kind": " ".join(filter(None, kinds)), "note": note, "title": name}


# -- otherwise ---------------------------------------------------------------------------------------------------------


def _otherwise(chosen: Chosen, key: str, given: Facts, found: Trial) -> Iterator[dict[str, Any]]:
    """The same clock received later, with other facts, under other settings."""
    asked = inputs.of_clock(chosen.words, found.spec)
    if not found.spec.from_field and found.allowance is not None:
        yield from _later(chosen, key, given, found)
    for name, wanted in inputs.wanted_by(one.when for one in found.spec.allowances).items():
        for value in (value for value in wanted if value != given.get(name)):
            label = _("If “%(field)s” were “%(value)s”", field=asked[name].label,
                      value=value_words(asked[name], value))
            yield from _variant(chosen, key, given | {name: value}, found, label)
    for setting in dict.fromkeys(words.refs(one.unit for one in found.spec.allowances)):
        yield from _set_otherwise(chosen, key, given, found, setting)


def _later(chosen: Chosen, key: str, given: Facts, found: Trial) -> Iterator[dict[str, Any]]:
    start, closing = found.calendar.local(found.start), found.calendar.hours[-1][1]
    closes = found.calendar.at(start.date(), second_of(closing))
    if found.calendar.is_working(start.date()) and start <= closes:
        after = closes + MINUTE
        label = _("If it began after office hours, at %(time)s", time=f"{after:%H:%M}")
        yield from _variant(chosen, key, given | {START: after.astimezone(dt.UTC)}, found, label)
    following = start + dt.timedelta(days=1)
    label = _("If it began a day later, %(day)s", day=f"{following:%m-%d} {words.weekday(following.date())}")
    yield from _variant(chosen, key, given | {START: following.astimezone(dt.UTC)}, found, label)


def _set_otherwise(
    chosen: Chosen, key: str, given: Facts, found: Trial, setting: str
) -> Iterator[dict[str, Any]]:
    """Under every other choice of a setting that the limit takes."""
    parameter = chosen.pack.parameters[setting]
    now = chosen.settings.value(setting)
    for value, label in parameter.choices.items():
        if value != now:
            other = replace(chosen.settings, given={**chosen.settings.given, setting: value})
            said = _("If the setting “%(setting)s” were “%(value)s”", setting=parameter.label, value=label)
            yield from _variant(chosen, key, given, found, said, other)


def _variant(
    chosen: Chosen, key: str, given: Facts, found: Trial, label: str, settings: Any = None
) -> Iterator[dict[str, Any]]:
    try:
        other = trying.run(chosen, key, given, settings)[0]
    except Refusal:
        return
    assert found.reckoned is not None
    if other.reckoned is None:
        yield {"label": label, "hint": "", "value": _("no limit")}
        return
    days = (clock.to_local(other.reckoned.at).date() - clock.to_local(found.reckoned.at).date()).days
    same = other.reckoned.at == found.reckoned.at
    hint = _("changes nothing") if same else _moved(days)
    yield {"label": label, "hint": f"{words.limit(other)} · {hint}", "value": words.exact(other.reckoned.at)}


def _moved(days: int) -> str:
    if days > 0:
        return _("%(days)s calendar days later", days=days)
    return _("%(days)s calendar days earlier", days=-days) if days else _("the same day")


# -- several -----------------------------------------------------------------------------------------------------------


def several(chosen: Chosen, key: str, given: Facts, address: Mapping[str, Any]) -> Result:
    """The result for every clock of a case type, each with the way to its own page."""
    found = trying.run(chosen, key, given)
    timed = [one for one in found if one.reckoned is not None]
    start = words.exact(given.get(START) or clock.now())
    heads = (_("Time limit"), _("Limit"), _("Due"), _("Basis"))
    return {
        "label": _("Every limit of “%(case)s”", case=chosen.words.register(key.removeprefix(ALL))), "what": "",
        "title": _("Time limits"),
        "big": _("%(count)s limits", count=len(timed)), "small": _("if each began %(start)s", start=start),
        "columns": [{"label": head} for head in heads], "rows": [_line(chosen, one, address) for one in found],
    }  # fmt: skip


def _line(chosen: Chosen, found: Trial, address: Mapping[str, Any]) -> dict[str, Any]:
    clause = found.granted.clause if found.granted else found.spec.clause
    link = Markup('<a href="{}">{}</a>').format(
        url_for("CalculatorView.show", **{**address, "item": found.spec.key}), found.spec.label
    )
    if found.reckoned is None:
        at: Any = Markup('<span class="text-secondary">{}</span>').format(" ".join(words.rule(chosen, found)))
    else:
        capped = Markup(' <span class="kz-xs">{}</span>').format(_("with the case")) if found.reckoned.capped else ""
        at = Markup('<span class="kz-num text-nowrap">{}</span>{}').format(words.exact(found.reckoned.at), capped)
    return {"cells": [link, words.limit(found) or "—", at, forms.clause_link(chosen.page, clause) or ""]}


def short_weekday(number: int) -> str:
    """The head of a column of a month."""
    name = words.weekday(dt.date(2024, 1, 1 + number))
    return name.removeprefix("周")
