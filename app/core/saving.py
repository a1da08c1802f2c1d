"""Reading what a person typed, checking it whole, and saving a row with its detail in one go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import access, clock, conflicts, moves, referring, ripples, starting, stating
from app.core.db import session
from app.core.errors import Forbidden, Problem, Refusal
from app.core.fieldspec import FieldSpec
from app.core.lifecycle import Lifecycle
from app.core.register import Record, Register, register_of, registers
from app.core.whole import Whole
from app.core.words import cite


@dataclass(frozen=True)
class Draft:
    """A row about to be saved: what it was and what was typed, for checks to judge."""

    whole: Whole
    values: Mapping[str, Any]

    def get(self, name: str) -> Any:
        """The value a field will have."""
        return self.values[name] if name in self.values else self.whole.get(name)


Check = Callable[[Draft], Iterable[Problem]]
_checks: dict[str, list[Check]] = defaultdict(list)
_checks_of_all: list[Check] = []
_makers: dict[str, list[Callable[[Whole], None]]] = defaultdict(list)
_updated: list[Callable[[Whole, Mapping[str, Any]], None]] = []


def check(slug: str) -> Callable[[Check], Check]:
    """Judge every save of a register; yields a problem per broken rule."""

    def keep(function: Check) -> Check:
        if function not in _checks[slug]:
            _checks[slug].append(function)
        return function

    return keep


def check_all(function: Check) -> Check:
    """Judge every save of every register, for what packs say about registers by name."""
    if function not in _checks_of_all:
        _checks_of_all.append(function)
    return function


def before_create(slug: str) -> Callable[[Callable[[Whole], None]], Callable[[Whole], None]]:
    """Complete a new row (a number, a calculated field) before it is saved."""

    def keep(function: Callable[[Whole], None]) -> Callable[[Whole], None]:
        if function not in _makers[slug]:
            _makers[slug].append(function)
        return function

    return keep


def after_update(function: Callable[[Whole, Mapping[str, Any]], None]) -> Callable[[Whole, Mapping[str, Any]], None]:
    """Call ``function(whole, changed values)`` after an edit was flushed."""
    if function not in _updated:
        _updated.append(function)
    return function


def read_values(specs: Mapping[str, FieldSpec], raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Typed values of the given fields and every problem found; fields that are absent stay untouched."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, spec in specs.items():
        if name not in raw or not spec.stored:
            continue
        try:
            values[name] = spec.kind.read(raw[name], spec)
        except ValueError as error:
            problems.append(Problem(_("%(field)s: %(why)s", field=spec.label, why=error.args[0]), name, spec.kind.name))
    return values, problems


def strangers(specs: Mapping[str, FieldSpec], raw: Mapping[str, Any]) -> Iterable[Problem]:
    """A problem for each key that is no field the person may write here."""
    for name in raw:
        if name not in specs:
            yield Problem(
                _("There is no field “%(name)s” to write here.", name=str(name)[:60]), str(name)[:60], "field"
            )


def missing_refs(specs: Mapping[str, FieldSpec], values: Mapping[str, Any]) -> Iterable[Problem]:
    """A problem for each id that does not exist or lies outside what the person may see (D2, D8)."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for name, value in values.items():
        if specs[name].target and value is not None:
            wanted[specs[name].target].update(value if isinstance(value, list) else [value])
    seen = {slug: visible_ids(slug, keys) for slug, keys in wanted.items()}
    for name, value in values.items():
        if (target := specs[name].target) and value is not None:
            for key in value if isinstance(value, list) else [value]:
                if key not in seen[target]:
                    text = _("%(field)s: there is no record %(id)s that you may use.", field=specs[name].label, id=key)
                    yield Problem(text, name, "reference")


def visible_ids(slug: str, keys: Iterable[int]) -> set[int]:
    """Those of ``keys`` that exist and that the person may refer to."""
    register = registers()[slug]
    table = register.model.__table__
    return set(session.scalars(sa.select(table.c.id).where(table.c.id.in_(sorted(keys)), usable(register))))


def usable(register: Register, *, past: bool = False) -> Any:
    """Rows that may be referred to: those in reach that are not retired; ``past`` adds what is not offered any more."""
    reached = sa.true() if register.scope == "open" else access.rows(register, "read")
    held = reached & referring.offered(register, past)
    return held & register.model.__table__.c[register.retired].is_(None) if register.retired else held


def is_retired(record: Record) -> bool:
    """Whether a row is only kept to be read."""
    register = register_of(record)
    return bool(register.retired) and getattr(record, register.retired) is not None


def editable(whole: Whole, life: Lifecycle | None) -> dict[str, FieldSpec]:
    """The fields that may be typed in the present state."""
    writable = {name: spec for name, spec in whole.fields.items() if not spec.computed}
    if life is None or not whole.register.from_pack:
        return writable
    names = life.states[whole.record.status].editable
    return {name: writable[name] for name in names if name in writable}


def create(
    register: Register,
    raw: Mapping[str, Any],
    *,
    policy: str | None = None,
    unit_id: int | None = None,
    fixed: Mapping[str, Any] | None = None,
) -> Whole:
    """Check and save a new row; raises ``Refusal`` with every problem, and nothing is half saved."""
    whole, life = starting.start(register, policy, unit_id)
    specs = editable(whole, life)
    values, problems = read_values(specs, raw)
    problems += strangers(specs, raw)
    values |= fixed or {}
    said = {problem.field for problem in problems}
    problems += _judge(Draft(whole, values), specs, needed={n: s for n, s in specs.items() if n not in said})
    Refusal.when(stating.stated(whole, problems))
    complete(whole, values)
    whole.save()
    _announce(whole, life, values)
    ripples.changed(whole.record)
    return whole


def complete(whole: Whole, values: Mapping[str, Any]) -> None:
    """Fill a new row with its values and with what the program adds to them."""
    whole.update(values)
    for make in _makers.get(whole.register.slug, ()):
        make(whole)


def _announce(whole: Whole, life: Lifecycle | None, values: Mapping[str, Any]) -> None:
    record: Any = whole.record
    if life is None:
        return
    moves.enter(record, life, record.status, whole)
    session.flush()
    me = access.current().employee_id
    moves.announce(moves.Moved(
        record, whole.register, life, None, "", record.status, values, "", clock.now(), me, None, whole,
    ))  # fmt: skip


def _judge(draft: Draft, specs: Mapping[str, FieldSpec], needed: Mapping[str, FieldSpec]) -> Iterable[Problem]:
    yield from absent(draft, needed)
    new = {n: v for n, v in draft.values.items() if n in specs and specs[n].target and v != draft.whole.get(n)}
    yield from missing_refs(specs, new)
    yield from _taken(draft, specs)
    yield from rules(draft)


def absent(draft: Draft, needed: Mapping[str, FieldSpec]) -> Iterable[Problem]:
    """A problem for each needed field that is empty."""
    for name, spec in needed.items():
        if (spec.required or spec.needed_then) and draft.get(name) is None and spec.asked(draft.get):
            yield Problem(_("“%(field)s” is needed.", field=spec.label), name, "required")


def rules(draft: Draft) -> Iterable[Problem]:
    """What the register's own checks have against a row, each with the clause of the policy it stands under."""
    detail = draft.whole.detail_register
    slugs = (draft.whole.register.slug, detail.slug if detail else "")
    judges = [judge for slug in slugs for judge in _checks.get(slug, ())] + _checks_of_all
    found = [problem for judge in judges for problem in judge(draft)]
    return cite(found, moves.page_over(draft.whole.record, draft.values)) if found else ()


def taken(field: FieldSpec, value: Any) -> Problem:
    """Another row has the value of a field that each may have once."""
    return Problem(_("%(field)s: “%(value)s” is taken.", field=field.label, value=value), field.name, "unique")


def judge_move(whole: Whole, specs: Mapping[str, FieldSpec], values: Mapping[str, Any]) -> list[Problem]:
    """Every broken rule of a row as a step would leave it."""
    return list(_judge(Draft(whole, values), specs, {}))


def _taken(draft: Draft, specs: Mapping[str, FieldSpec]) -> Iterable[Problem]:
    register = draft.whole.register
    for name, value in draft.values.items():
        if name in specs and specs[name].unique and name in register.fields and value is not None:
            column = getattr(register.model, name)
            query = sa.select(register.model.id).where(column == value)
            if (other := session.scalar(query)) is not None and other != draft.whole.record.id:
                yield taken(specs[name], value)


def may_edit(record: Record, life: Lifecycle | None) -> bool:
    """Whether the person may type in the row now."""
    register = register_of(record)
    if "edit" not in register.actions or not access.may(record, "write") or is_retired(record):
        return False
    if life is None or not register.from_pack:
        return True
    state = life.states[record.status]
    if not state.editable or state.holder is None:
        return False
    person = access.current()
    if state.holder.owner and record.owner_id == person.employee_id:
        return True
    return person.holds([f"{life.policy}.{state.holder.post}"], life.within) is not None


def update(
    record: Record, raw: Mapping[str, Any], version: int | None, answer: conflicts.Answer | None = None
) -> Whole:
    """Check and save an edit; raises ``Conflict`` with what each made of the fields when the row changed meanwhile.

    ``answer`` is what the person chose on the page that showed it.
    """
    ripples.before_lock(record, "")
    session.refresh(record, with_for_update=True)
    whole, changed = changes(record, raw, version, answer)
    if changed:
        whole.update(changed)
        record.changed_at = clock.now()
        whole.save()
        told(whole, changed)
        ripples.changed(record)
    return whole


def changes(
    record: Record, raw: Mapping[str, Any], version: int | None, answer: conflicts.Answer | None = None
) -> tuple[Whole, dict[str, Any]]:
    """What an edit would change; refuses as ``update`` does, and leaves the row as it is."""
    life = moves.lifecycle_of(record)
    if not may_edit(record, life):
        raise Forbidden(_("This record cannot be changed by you in its present state."))
    whole = moves.whole_of(record)
    specs = editable(whole, life)
    values, problems = read_values(specs, raw)
    problems += strangers(specs, raw)
    values = conflicts.settle(whole, specs, values, version, answer)
    problems += _judge(Draft(whole, values), specs, {n: s for n, s in specs.items() if n in values})
    Refusal.when(stating.stated(whole, problems))
    return whole, {name: value for name, value in values.items() if whole.get(name) != value}


def told(whole: Whole, changed: Mapping[str, Any]) -> None:
    """Tell who follows edits, such as clocks that count from a field, that a flushed row has changed."""
    for listener in _updated:
        listener(whole, changed)


def delete(record: Record) -> None:
    """Delete a row that its register lets go of."""
    register = register_of(record)
    if "delete" not in register.actions or not access.may(record, "write") or is_retired(record):
        raise Forbidden(_("This record cannot be deleted."))
    if register.from_pack:
        raise Forbidden(_("A case is never deleted; it is closed."))
    ripples.check_delete(record)
    session.delete(record)
    session.flush()
    ripples.changed(record)
