"""Counted figures in words: each measure beside earlier periods, each table with its bars, and the course so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from app.core import paths, values
from app.core.expressions import Formula, Name, Operation
from app.core.fieldspec import FieldSpec
from app.core.lifecycle import Lifecycle
from app.core.register import registers
from app.core.wording import listed
from app.core.words import entry_label, post_label
from app.engines.limits.calc import AT_LEAST
from app.engines.reports import calc
from app.engines.reports.catalogue import Report, details_of

if TYPE_CHECKING:
    from app.packs.figures import Figures, Measure

UNITS = {"days": _l("days"), "hours": _l("hours"), "minutes": _l("minutes")}
STEP_LABELS = {"step": _l("Step"), "step_unit": _l("Unit"), "step_post": _l("Post"), "step_owner": _l("Responsible")}
STEP_TARGETS = {"step_unit": "org_unit", "step_owner": "employee"}
PERCENT = ("rate", "on_time")
WHOLE = ("count", "clocks")
MOST_BARS = 12
BAR = Markup(
    '<svg class="kz-chart" height="8" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
    '<rect class="is-info" width="{}" height="8" rx="1"/></svg>'
)
BARS = Markup('<span class="visually-hidden">|</span>')
LINK = Markup('<a href="{}">{}</a>')
Url = Callable[[str, int | None, int | None], str]


@dataclass
class Shown:
    """Figures for templates: ``measures`` with what they were, ``tables``, and the ``course`` of the first measure."""

    measures: list[dict[str, Any]] = field(default_factory=list)
    compared: list[dict[str, Any]] = field(default_factory=list)
    tables: list[dict[str, Any]] = field(default_factory=list)
    course: dict[str, Any] | None = None


def _adds(formula: Formula) -> bool:
    if isinstance(formula, Operation):
        return formula.sign in "+-" and _adds(formula.left) and _adds(formula.right)
    return isinstance(formula, Name)


class Words:
    """How the figures of one report read."""

    def __init__(self, report: Report, life: Lifecycle | None = None) -> None:
        found = report.written.figures
        if found is None:
            raise LookupError(report.key)
        self.figures: Figures = found
        self.report, self.life = report, life
        self.details = details_of(report.pack)

    def spec(self, measure: Measure, path: str) -> FieldSpec | None:
        """The field of a path, seen from the register that a measure counts."""
        return paths.spec_at(registers()[self.figures.register_of(measure)], path, self.details)

    def value(self, key: str, value: Any) -> str:
        """A figure with its unit."""
        if value is None:
            return "—"
        measure, number = self.figures.measures[key], Decimal(value)
        if measure.kind in WHOLE:
            return f"{int(number):,}"
        if measure.kind in PERCENT:
            return f"{number:,.2f} %"
        if measure.kind == "duration":
            return f"{number:,.1f} {UNITS[measure.unit or 'days']}"
        return self._amount(measure, number)

    def _amount(self, measure: Measure, number: Decimal) -> str:
        kind = self._kind(measure)
        if kind == "money" or self._adds_money(measure):
            return f"{number:,.2f}"
        return f"{number.normalize():,f}{' %' if kind == 'percent' else ''}"

    def _kind(self, measure: Measure) -> str:
        spec = self.spec(measure, measure.field) if measure.field else None
        return spec.kind.name if spec else ""

    def _adds_money(self, measure: Measure) -> bool:
        """Whether it is a formula that only adds money and takes it off."""
        parts = [self.figures.measures[part] for part in measure.parts]
        money = all(self._kind(part) == "money" and part.kind != "count" for part in parts)
        return measure.expression is not None and money and _adds(measure.expression)

    def change(self, key: str, now: Any, before: Any) -> str:
        """By how much a figure changed: in points for shares, otherwise with its part in per cent."""
        if now is None or before is None:
            return ""
        difference = Decimal(now) - Decimal(before)
        sign = "+" if difference > 0 else "−" if difference < 0 else "±"
        size = self.value(key, abs(difference))
        if self.figures.measures[key].kind in PERCENT:
            return _("%(sign)s%(size)s points", sign=sign, size=size.removesuffix(" %"))
        part = calc.part_of(difference, Decimal(before))
        return f"{sign}{size}" + (f" ({sign}{abs(part)} %)" if part is not None and difference else "")

    def heads(self, by: Sequence[str], keys: Sequence[str]) -> list[Any]:
        """What the fields of a table are called."""
        measure = self.figures.measures[next(key for key in keys if not self.figures.measures[key].derived)]
        specs = [self.spec(measure, path) for path in by]
        return [spec.label if spec else STEP_LABELS.get(path, path) for path, spec in zip(by, specs, strict=True)]

    def wanted(self, table: Mapping[str, Any]) -> list[tuple[str, int | None]]:
        """The rows that the groups of a table refer to."""
        found: list[tuple[str, int | None]] = []
        for place, path in enumerate(table["by"]):
            spec = self._of(table, path)
            target = spec.target if spec else STEP_TARGETS.get(path, "")
            found += [(target, row["values"][place]) for row in table["rows"] if target]
        return found

    def _of(self, table: Mapping[str, Any], path: str) -> FieldSpec | None:
        counted = [self.figures.measures[key] for key in table["measures"] if not self.figures.measures[key].derived]
        return self.spec(counted[0], path) if counted else None

    def group(self, table: Mapping[str, Any], place: int, value: Any, names: values.Names) -> str:
        """What the rows of a group have in common."""
        path = table["by"][place]
        spec = self._of(table, path)
        if value is None:
            return _("Not named yet")
        if spec is not None:
            return values.text(spec, value, names, self.life)
        said = {"step": entry_label, "step_post": post_label}.get(path)
        return said(value) if said else names.get((STEP_TARGETS[path], value), str(value))


def measures(
    words: Words, now: Mapping[str, Any], before: Mapping[str, Mapping[str, Any]], url: Url,
    held: Mapping[str, Any] | None = None,
) -> list[Any]:
    """Each measure with its value, what it was in the periods compared with, and the line that it is ``held`` to."""
    found = []
    for key, measure in words.figures.measures.items():
        if key not in now:
            continue
        was = {name: (words.value(key, old.get(key)), words.change(key, now[key], old.get(key)))
               for name, old in before.items()}  # fmt: skip
        leads = not measure.derived and now[key] not in (None, "0")
        found.append({"label": str(measure.label), "text": words.value(key, now[key]), "was": was,
                      "url": url(key, None, None) if leads else "",
                      "line": _line(words, key, (held or {}).get(key))})  # fmt: skip
    return found


def _line(words: Words, key: str, line: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The line of a figure in words, and whether it is kept."""
    if line is None:
        return None
    said = {"line": words.value(key, line["limit"])}
    bound = _("at least %(line)s", **said) if line["bound"] == AT_LEAST else _("at most %(line)s", **said)
    kept = _("kept") if line["holds"] else _("missed")
    return {"text": f"{bound} · {kept}", "tone": "ok" if line["holds"] else "late"}


def compared(found: Sequence[Mapping[str, Any]], periods: Mapping[str, str]) -> dict[str, Any]:
    """The measures as a table beside earlier periods."""
    columns = [{"label": _("Figure"), "align": ""}, {"label": _("This period"), "align": "end"}]
    for label in periods.values():
        columns += [{"label": label, "align": "end"}, {"label": _("Change"), "align": "end"}]
    rows = []
    for one in found:
        text = LINK.format(one["url"], one["text"]) if one["url"] else escape(one["text"])
        said = [cell for name in periods for cell in one["was"].get(name, ("—", ""))]
        rows.append({"cells": [one["label"], text, *said]})
    return {"columns": columns, "rows": rows}


def tables(words: Words, figures: Mapping[str, Any], url: Url) -> list[dict[str, Any]]:
    """The groups with a bar each; the rows behind a figure are one click away."""
    names = values.names_of([pair for table in figures["tables"] for pair in words.wanted(table)])
    return [_table(words, figures, at, table, names, url) for at, table in enumerate(figures["tables"])]


def _table(
    words: Words, figures: Mapping[str, Any], at: int, table: Mapping[str, Any], names: values.Names, url: Url
) -> dict[str, Any]:
    keys, by = table["measures"], table["by"]
    grouping = next((one for one in words.figures.groups if list(one.by) == by), None)
    heads = [{"label": label, "align": ""} for label in words.heads(by, keys)] if keys else []
    labels = [{"label": str(words.figures.measures[key].label), "align": "end"} for key in keys]
    title = str(grouping.label) if grouping and grouping.label else listed(head["label"] for head in heads)
    sizes = [Decimal(row["measures"].get(keys[0]) or 0) for row in table["rows"]] if keys else []
    largest = max(sizes, default=Decimal(0))
    rows = []
    for place, row in enumerate(table["rows"]):
        said = [words.group(table, n, value, names) for n, value in enumerate(row["values"])]
        cells = [_cell(words, key, row["measures"].get(key), url(key, at, place)) for key in keys]
        rows.append({"cells": [*said, _bar(sizes[place], largest), *cells]})
    if rows:
        totals = [words.value(key, figures["measures"].get(key)) for key in keys]
        rows.append({"cells": [_("Total"), *[""] * len(by), *totals]})
    columns = [*heads, {"label": BARS, "align": "", "bars": True}, *labels]
    return {"title": title, "columns": columns, "rows": rows, "cls": "hov bars"}


def bare(table: Mapping[str, Any]) -> dict[str, Any]:
    """A table without its bars, for paper and workbooks."""
    kept = [place for place, column in enumerate(table["columns"]) if not column.get("bars")]
    rows = [{"cells": [row["cells"][place] for place in kept]} for row in table["rows"]]
    return {**table, "columns": [table["columns"][place] for place in kept], "rows": rows}


def _bar(size: Decimal, largest: Decimal) -> Markup:
    return BAR.format(f"{100 * size / largest:.1f}") if size > 0 and largest else Markup("")


def _cell(words: Words, key: str, value: Any, url: str) -> Markup | str:
    text = words.value(key, value)
    leads = not words.figures.measures[key].derived and value not in (None, "0") and url
    return LINK.format(url, text) if leads else text


def course(words: Words, points: Sequence[tuple[str, Mapping[str, Any], str]]) -> dict[str, Any] | None:
    """The first measure over the latest periods, for a chart; ``points`` are name, measures and address."""
    key = next(iter(words.figures.measures))
    known = [(name, found.get(key), url) for name, found, url in points][-MOST_BARS:]
    if len(known) < 2:
        return None
    bars = [{"label": name, "count": float(value or 0), "text": words.value(key, value), "url": url}
            for name, value, url in known]  # fmt: skip
    return {"label": str(words.figures.measures[key].label), "bars": bars}
