"""What will become of staged rows: new, changed, unchanged or refused; look-ups by batch, rules row by row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import access, masking, moves, saving, stating
from app.core.db import session
from app.core.errors import Problem
from app.core.fieldspec import FieldSpec
from app.core.masking import STAR
from app.core.register import Record
from app.core.whole import Whole
from app.engines.exchange import cells
from app.engines.exchange.models import ADD, BAD, CHANGED, NEW, SAME, UPDATE
from app.engines.exchange.plan import ID, Plan
from app.engines.exchange.references import References

Texts = Mapping[str, str]


@dataclass
class Judged:
    """One row: the values it brings, what is wrong with them, and the row it changes."""

    row_no: int
    texts: Texts
    raw: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    whole: Whole | None = None
    record: Record | None = None
    verdict: str = NEW

    def refuse(self, problem: Problem) -> None:
        """Keep a problem, the first of each field alone."""
        if problem.field is None or all(known.field != problem.field for known in self.problems):
            self.problems.append(problem)

    @property
    def changes(self) -> dict[str, tuple[Any, Any]]:
        """Old and new value of what an existing row gets."""
        whole = self.whole
        if whole is None or self.record is None:
            return {}
        return {n: (old, new) for n, new in self.values.items() if (old := whole.get(n)) != new}


class Judge:
    """Judges the rows of one table in order; remembers what was looked up, and values that only one row may have."""

    def __init__(self, plan: Plan, mode: str) -> None:
        self.plan, self.mode = plan, mode
        self.references = References()
        self._seen: dict[str, dict[Any, int]] = defaultdict(dict)
        self._once = [n for n, s in plan.fields.items() if s.unique and n in plan.register.fields]

    def judge(self, rows: Iterable[tuple[int, Texts]]) -> list[Judged]:
        """What becomes of a batch of rows."""
        found = [Judged(number, texts) for number, texts in rows]
        self._learn(found)
        for row in found:
            self._read(row)
        if self.mode != ADD:
            self._find(found)
        else:
            self._check_key(found)
        self._check_once(found)
        for row in found:
            self._finish(row)
        return found

    # -- cells -------------------------------------------------------------------------------------------------------

    def _learn(self, rows: Sequence[Judged]) -> None:
        wanted: dict[str, set[str]] = defaultdict(set)
        targets = [(n, s) for n, s in self.plan.fields.items() if s.target]
        for row in rows:
            for name, spec in targets:
                if text := row.texts.get(name):
                    wanted[spec.target].update(cells.parts_of(text) if _many(spec) else (text,))
        self.references.learn(wanted)

    def _read(self, row: Judged) -> None:
        for name, text in row.texts.items():
            spec = self.plan.fields.get(name)
            if spec is None:
                continue
            try:
                row.raw[name] = self._raw(spec, text)
            except ValueError as error:
                row.refuse(_wrong(spec, error.args[0]))

    def _raw(self, spec: FieldSpec, text: str) -> Any:
        if not spec.target:
            return cells.raw(spec, text)
        if _many(spec):
            return [self.references.get(spec.target, part) for part in cells.parts_of(text)]
        return self.references.get(spec.target, text)

    # -- rows that are there -----------------------------------------------------------------------------------------

    def _check_key(self, rows: Iterable[Judged]) -> None:
        """New rows get their number from the program where nobody types it."""
        key = self.plan.key
        given = (key, ID) if key not in self.plan.fields else (ID,)
        for row in rows:
            if any(row.texts.get(name) for name in given):
                text = _("The number is given by the program: leave it empty for a new record.")
                row.refuse(Problem(text, key, "computed"))

    def _find(self, rows: Sequence[Judged]) -> None:
        key = self.plan.key
        by_id = {k: [r for r in rows if r.texts.get(k)] for k in (key, ID) if k != ID}
        by_id[ID] = [r for r in rows if r.texts.get(ID)]
        self._attach(ID, by_id[ID])
        if key != ID:
            self._attach(key, [row for row in by_id[key] if not row.texts.get(ID)])
        for row in rows:
            if row.record is None and not row.problems and self.mode == UPDATE:
                label = self.plan.register.fields[key].label if key != ID else ID
                row.refuse(Problem(_("“%(field)s” is needed to find the record.", field=label), key, "required"))

    def _attach(self, name: str, rows: Sequence[Judged]) -> None:
        """Lead rows to the records that they name; a statement."""
        if not rows:
            return
        model, found = self.plan.register.model, defaultdict[Any, list[Any]](list)
        keys = {row.row_no: self._key(name, row.texts[name]) for row in rows}
        column = getattr(model, name)
        reach = access.rows(self.plan.register, "write")
        query = sa.select(model).where(column.in_(sorted({k for k in keys.values() if k is not None})), reach)
        for record in session.scalars(query):
            found[getattr(record, name)].append(record)
        for row in rows:
            self._lead(row, name, found.get(keys[row.row_no], []))

    def _key(self, name: str, text: str) -> Any:
        if name == ID:
            return int(text.lstrip("#")) if text.lstrip("#").isdecimal() and len(text) < 16 else None
        spec = self.plan.known[name]
        return spec.clean(text) if spec.clean else text

    def _lead(self, row: Judged, name: str, found: Sequence[Any]) -> None:
        if len(found) == 1:
            row.record = found[0]
        elif found:
            row.refuse(Problem(_("Several records are called so; name one by its id."), name, "unique"))
        elif self.mode == UPDATE or name not in self.plan.fields:
            text = _("There is no such record, or it is outside what you may see.")
            row.refuse(Problem(text, name, "reference"))

    # -- values that each row has once -------------------------------------------------------------------------------

    def _check_once(self, rows: Sequence[Judged]) -> None:
        for name in self._once:
            self._check_taken(name, [row for row in rows if row.record is None and name in row.raw])
        for row in rows:
            if row.record is not None and (other := self._first(ID, row.record.id, row)):
                row.refuse(Problem(_("Row %(row)s names the same record.", row=other), self.plan.key, "unique"))

    def _check_taken(self, name: str, rows: Sequence[Judged]) -> None:
        spec, kept = self.plan.fields[name], {}
        for row in rows:
            try:
                kept[row.row_no] = spec.kind.read(row.raw[name], spec)
            except ValueError:
                continue
        column = getattr(self.plan.register.model, name)
        wanted = sorted({value for value in kept.values() if value is not None})
        there = set(session.scalars(sa.select(column).where(column.in_(wanted)))) if wanted else set()
        for row in rows:
            if (value := kept.get(row.row_no)) is None:
                continue
            if value in there:
                row.refuse(saving.taken(spec, value))
            elif other := self._first(name, value, row):
                text = _("%(field)s: row %(row)s has “%(value)s” already.", field=spec.label, row=other, value=value)
                row.refuse(Problem(text, name, "unique"))

    def _first(self, name: str, value: Any, row: Judged) -> int | None:
        """The number of an earlier row with the value; else this one is the first."""
        first = self._seen[name].setdefault(value, row.row_no)
        return first if first != row.row_no else None

    # -- the rules ---------------------------------------------------------------------------------------------------

    def _finish(self, row: Judged) -> None:
        if row.record is None:
            self._judge_new(row)
        else:
            self._judge_change(row)
        if row.problems:
            row.verdict = BAD
            if row.whole is not None:
                row.problems[:] = stating.stated(row.whole, row.problems)
        elif row.record is not None:
            row.verdict = CHANGED if row.changes else SAME

    def _judge_new(self, row: Judged) -> None:
        row.whole, life = self.plan.begin()
        specs = saving.editable(row.whole, life)
        self._take(row, specs)
        said = {problem.field for problem in row.problems}
        draft = saving.Draft(row.whole, row.values)
        for problem in saving.absent(draft, {n: s for n, s in specs.items() if n not in said}):
            row.refuse(problem)
        for problem in saving.rules(draft):
            row.refuse(problem)

    def _judge_change(self, row: Judged) -> None:
        assert row.record is not None
        life = moves.lifecycle_of(row.record)
        row.whole = moves.whole_of(row.record)
        specs = saving.editable(row.whole, life)
        row.raw.pop(self.plan.key if self.plan.key != ID else "", None)
        self._unmask(row)
        self._take(row, specs)
        if not row.problems and row.changes:
            if not saving.may_edit(row.record, life):
                text = _("This record cannot be changed by you in its present state.")
                row.refuse(Problem(text, None, "state"))
                return
            changed = {name: new for name, (_old, new) in row.changes.items()}
            for problem in saving.judge_move(row.whole, specs, changed):
                row.refuse(problem)

    def _unmask(self, row: Judged) -> None:
        """A masked value out of an export changes nothing; half a mask is nobody's value."""
        assert row.whole is not None
        for name in [n for n in row.raw if self.plan.fields[n].kind.name == "personal"]:
            spec, text = self.plan.fields[name], str(row.raw[name])
            if STAR * 2 in text:
                if text == masking.mask(spec.mask, row.whole.get(name) or ""):
                    del row.raw[name]
                else:
                    row.refuse(_wrong(spec, _("this is a masked value; write it whole or leave it empty.")))

    def _take(self, row: Judged, specs: Mapping[str, FieldSpec]) -> None:
        values, problems = saving.read_values(specs, row.raw)
        row.values = values
        for problem in problems:
            row.refuse(problem)
        for name in row.raw:
            if name not in specs:
                self._closed(row, name)

    def _closed(self, row: Judged, name: str) -> None:
        """A field that is filled but not open here; what an existing row has already is no fault."""
        assert row.whole is not None
        spec = self.plan.fields[name]
        if row.record is not None and name in row.whole.fields:
            values, _problems = saving.read_values({name: spec}, row.raw)
            if values.get(name) == row.whole.get(name):
                return
        row.refuse(Problem(_("“%(field)s” cannot be written here now.", field=spec.label), name, "field"))


def _many(spec: FieldSpec) -> bool:
    return spec.kind.widget == "multiref"


def _wrong(spec: FieldSpec, why: Any) -> Problem:
    return Problem(_("%(field)s: %(why)s", field=spec.label, why=why), spec.name, spec.kind.name)
