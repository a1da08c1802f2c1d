"""The charts: what each counts in words, with the list behind every figure. One source for screen, paper and Excel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.areas.visits.answers import ANSWER, ANSWERS
from app.core import values
from app.core.words import entry_label
from app.engines.deadlines.narrowing import LATE_CLOCK
from app.engines.people.narrowing import AT_UNIT
from app.engines.policy import stages
from app.engines.policy.narrowing import IN_STATE, OF_CLASS, POLICY, choices_of
from app.engines.reports import measuring
from app.screens import dashboard_counts as counts
from app.screens.dashboard_asked import CASES, VISITS, Asked, cases, policies, span

COLUMNS, STACKED, LINE, BARS = "columns", "stacked", "line", "bars"
OPEN = {"stage": stages.OPEN}
TENTH, DAY = Decimal("0.1"), 86400


@dataclass(frozen=True)
class Series:
    """One measure of a chart and its colour; ``aside`` is shown in the table alone."""

    label: Any
    tone: str = "info"
    aside: bool = False


@dataclass(frozen=True)
class Figure:
    """A number with the list of exactly the rows behind it; ``None`` where nothing can be said."""

    value: int | Decimal | None
    url: str = ""


@dataclass(frozen=True)
class Line:
    """One month, state or unit with a figure for each series."""

    label: str
    figures: Sequence[Figure]


@dataclass(frozen=True)
class Chart:
    """A chart as it is announced before anything is counted."""

    key: str
    title: Callable[[Asked], str]
    shape: str
    series: tuple[Series, ...]
    by: Any
    count: Callable[[Asked], list[Line]]
    now: bool = False
    slug: str = CASES
    wide: bool = False


def titled(text: Any) -> Callable[[Asked], str]:
    """A title that is the same whatever is asked."""
    return lambda _asked: str(text)


# -- over months -------------------------------------------------------------------------------------------------------


def _load(asked: Asked) -> list[Line]:
    names = ("accepted_at", "closed_at")
    found = [counts.by_month(asked, name) for name in names]
    return [
        Line(month.name, [Figure(one.get(place, 0), asked.list(CASES, month.args(name)))
                          for name, one in zip(names, found, strict=True)])
        for place, month in enumerate(asked.months)
    ]  # fmt: skip


def _closing(asked: Asked) -> list[Line]:
    found = counts.to_close(asked)
    lines = []
    for place, month in enumerate(asked.months):
        took, number = found.get(place, (0, 0))
        url = asked.list(CASES, month.args("closed_at"))
        days = (Decimal(took) / DAY / number).quantize(TENTH) if number else None
        lines.append(Line(month.name, [Figure(days, url if number else ""), Figure(number, url)]))
    return lines


def _answers(asked: Asked) -> list[Line]:
    found = counts.by_answer(asked)
    lines = []
    for place, month in enumerate(asked.months):
        numbers = found.get(place, [0] * len(ANSWERS))
        urls = (asked.list(VISITS, {ANSWER: key, **month.args("visited_at")}) for key in ANSWERS)
        figures = [Figure(number, url) for number, url in zip(numbers, urls, strict=True)]
        share = measuring.percent(Decimal(numbers[0]), Decimal(sum(numbers)))
        lines.append(Line(month.name, [*figures, Figure(share)]))
    return lines


# -- by group ----------------------------------------------------------------------------------------------------------


def _kinds(asked: Asked) -> list[Line]:
    """By policy; of one policy by the class that it sorts complaints by."""
    if asked.policy is None:
        found = counts.by_policy(asked)
        named = {code: f"{code} {pack.title}" for code, pack in policies().items()}
        urls = {code: _accepted(asked, {POLICY: code}) for code in found}
        return _largest((named.get(code, code), number, urls[code]) for code, number in found.items())
    name = counts.class_field(asked.policy)
    labels = _class_labels(asked, name)
    found = counts.by_class(asked, name)
    return _largest(
        (str(labels.get(key, key)) if key else _("Not named yet"), number,
         _accepted(asked, {OF_CLASS: f"{name}:{key or ''}"}))
        for key, number in found.items()
    )  # fmt: skip


def _class_labels(asked: Asked, name: str) -> Mapping[str, Any]:
    return next((spec.choices for one, spec in _own_choices(asked, name)), {})


def _own_choices(asked: Asked, name: str) -> Iterable[Any]:
    detail = asked.policy.cases[CASES].detail if asked.policy else None
    found = list(choices_of(cases(), name))
    return [pair for pair in found if pair[0].slug == detail] or found


def _kinds_title(asked: Asked) -> str:
    if asked.policy is None:
        return _("Cases by policy")
    name = counts.class_field(asked.policy)
    label = next((spec.label for _one, spec in _own_choices(asked, name)), _("Class"))
    return _("Cases by: %(field)s", field=label)


def _accepted(asked: Asked, more: Mapping[str, str]) -> str:
    return asked.list(CASES, {**asked.span("accepted_at"), **more})


def _by_unit(asked: Asked, column: str, filter_: Callable[[int | None], dict[str, str]]) -> list[Line]:
    found = counts.by_column(asked, column)
    names = values.names_of(("org_unit", key) for key in found if key)
    return _largest(
        (names.get(("org_unit", key or 0), "") or _("Not named yet"), number, _accepted(asked, filter_(key)))
        for key, number in found.items()
    )


def _receiving(asked: Asked) -> list[Line]:
    return _by_unit(asked, "unit_id", lambda key: {AT_UNIT: str(key)})


def _responsible(asked: Asked) -> list[Line]:
    name = "responsible_unit_id"
    return _by_unit(asked, name, lambda key: {name: str(key)} if key else {f"{name}__empty": "true"})


def _states(asked: Asked) -> list[Line]:
    """States that are called the same are one line, whatever policy they are of."""
    labels = _state_labels()
    lines: dict[str, tuple[int, list[str]]] = defaultdict(lambda: (0, []))
    for (policy, status), number in counts.by_state(asked).items():
        label = labels.get((policy, status), status)
        total, keys = lines[label]
        lines[label] = (total + number, [*keys, f"{policy}.{status}"])
    return _largest(
        (label, number, asked.list(CASES, {**OPEN, IN_STATE: ",".join(sorted(keys))}))
        for label, (number, keys) in lines.items()
    )


def _state_labels() -> dict[tuple[str, str], str]:
    lives = stages.lifecycles(CASES)
    return {
        (lives[version].policy, key): str(state.label)
        for version in sorted(lives) for key, state in lives[version].states.items()
    }


def _late(asked: Asked) -> list[Line]:
    found = counts.by_late_clock(asked)
    label = {key: entry_label(key) if asked.policy else f"{key.partition('.')[0]} {entry_label(key)}" for key in found}
    return _largest((label[key], number, asked.list(CASES, {LATE_CLOCK: key})) for key, number in found.items())


def _ages(asked: Asked) -> list[Line]:
    found = counts.by_age(asked)
    edges = (0, *(days + 1 for days in counts.AGES))
    lines = []
    for place, (first, last) in enumerate(counts.bands()):
        label = f"{edges[place]}–{edges[place + 1] - 1}" if first else f"> {counts.AGES[-1]}"
        url = asked.list(CASES, {**OPEN, **span("accepted_at", first, last)})
        lines.append(Line(label, [Figure(found.get(place, 0), url)]))
    waiting = Figure(found.get(counts.NOT_ACCEPTED, 0), asked.list(CASES, {**OPEN, "accepted_at__empty": "true"}))
    return [*lines, Line(_("Not accepted"), [waiting])]


def _largest(groups: Iterable[tuple[str, int, str]]) -> list[Line]:
    ordered = sorted(groups, key=lambda group: (-group[1], group[0]))
    return [Line(label, [Figure(number, url)]) for label, number, url in ordered]


CASES_COUNTED = Series(_l("Cases"))
CHARTS = {
    chart.key: chart
    for chart in (
        Chart("load", titled(_l("Accepted and closed cases")), COLUMNS,
              (Series(_l("Accepted")), Series(_l("Closed"), "mute")), _l("Month"), _load, wide=True),
        Chart("late", titled(_l("Late cases by limit")), BARS, (Series(_l("Late cases"), "late"),), _l("Limit"),
              _late, now=True),
        Chart("ageing", titled(_l("Age of open cases")), COLUMNS, (Series(_l("Open cases")),),
              _l("Days since acceptance"), _ages, now=True),
        Chart("state", titled(_l("Open cases by state")), BARS, (Series(_l("Open cases")),), _l("State"), _states,
              now=True),
        Chart("kind", _kinds_title, BARS, (CASES_COUNTED,), _l("Kind"), _kinds),
        Chart("closing", titled(_l("Days from acceptance to closing")), LINE,
              (Series(_l("Days on average")), Series(_l("Closed cases"), aside=True)), _l("Month closed"), _closing),
        Chart("answers", titled(_l("Satisfaction on visits")), STACKED,
              (Series(ANSWERS["satisfied"], "ok"), Series(ANSWERS["fair"], "mute"),
               Series(ANSWERS["dissatisfied"], "late"), Series(_l("Satisfied, per cent"), aside=True)),
              _l("Month of the visit"), _answers, slug=VISITS),
        Chart("unit", titled(_l("Cases by receiving unit")), BARS, (CASES_COUNTED,), _l("Unit"), _receiving),
        Chart("responsible", titled(_l("Cases by responsible department")), BARS, (CASES_COUNTED,),
              _l("Responsible department"), _responsible),
    )
}  # fmt: skip
