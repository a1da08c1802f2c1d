"""A row as it was: any saved state read again, compared, and brought back through the same save as every edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import clock, masking, moves, past, reading, saving
from app.core.errors import BadRequest, Forbidden, NotFound, Problem, Refusal
from app.core.fieldspec import FieldSpec
from app.core.past import Trail, Version
from app.core.whole import Whole
from app.core.wording import N_

RESTORED = N_("Restored from version %(number)s of %(when)s")
WHY_NOT: Mapping[str, Any] = {
    "personal": _l("The history keeps personal data masked; type it anew."),
    "computed": _l("The program fills this field by itself."),
    "state": _l("It cannot be typed in the present state."),
}


@dataclass(frozen=True)
class Then:
    """One field then and now; ``why_not`` says what keeps it from being brought back, if anything does."""

    spec: FieldSpec
    then: Any
    now: Any
    why_not: Any = ""


def trail_of(whole: Whole) -> Trail:
    """Who keeps the history of a row; raises ``NotFound`` for a register without one."""
    trail = past.trail_of(whole.register)
    if trail is None:
        raise NotFound()
    return trail


def version_of(whole: Whole, key: int | None) -> Version:
    """A saved state of a row; raises ``NotFound`` for what is none."""
    if key is None:
        raise BadRequest(_("Say which version is meant."))
    found = trail_of(whole).version(whole.register.slug, whole.record.id, key)
    if found is None:
        raise NotFound()
    return found


def compared(whole: Whole) -> dict[str, FieldSpec]:
    """The fields that saved states are compared by."""
    return {name: spec for name, spec in whole.fields.items() if spec.stored and spec.kind.name != "json"}


def state_at(whole: Whole, key: int | None) -> dict[str, Any]:
    """The fields of a row as they were after an entry of its history, personal ones masked; without one as they are."""
    undone = trail_of(whole).undone(whole.register.slug, whole.record.id, key) if key else {}
    return {
        name: past.read(spec, undone[name]) if name in undone else shown(spec, whole.get(name))
        for name, spec in compared(whole).items()
    }


def shown(spec: FieldSpec, value: Any) -> Any:
    """A value as the history keeps it: personal data masked."""
    return masking.mask(spec.mask, value) if spec.kind.name == "personal" and value else value


def differing(whole: Whole, key: int) -> list[Then]:
    """What bringing a saved state back would change, field by field, and what cannot come back."""
    then, now, free = state_at(whole, key), state_at(whole, None), _free(whole)
    return [
        Then(spec, then[name], now[name], _why_not(spec, free))
        for name, spec in compared(whole).items() if then[name] != now[name]
    ]  # fmt: skip


def _free(whole: Whole) -> Mapping[str, FieldSpec]:
    """The fields that the person may type in the present state."""
    life = moves.lifecycle_of(whole.record)
    if not saving.may_edit(whole.record, life):
        raise Forbidden(_("This record cannot be changed by you in its present state."))
    return saving.editable(whole, life)


def _why_not(spec: FieldSpec, free: Mapping[str, FieldSpec]) -> Any:
    if spec.kind.name == "personal":
        return WHY_NOT["personal"]
    if spec.computed:
        return WHY_NOT["computed"]
    return "" if spec.name in free else WHY_NOT["state"]


def restore(record: Any, key: int | None, names: Sequence[str], reason: str, version: int | None) -> Whole:
    """Bring fields back to a saved state by an edit like any other, and keep the reason; the caller commits.

    Raises ``Refusal`` without a reason or a field, for a field that cannot come back, and for whatever the checks of
    the register have against it; ``Conflict`` when the row changed since ``version``.
    """
    whole = moves.whole_of(record)
    chosen = version_of(whole, key)
    known = {one.spec.name: one for one in differing(whole, chosen.id)}
    Refusal.when(_problems(known, names, reason))
    raw = trail_of(whole).undone(whole.register.slug, record.id, chosen.id)
    saved = saving.update(record, {name: raw[name] for name in names}, version)
    told = {"number": chosen.number, "when": clock.to_local(chosen.at).strftime("%Y-%m-%d %H:%M")}
    trail_of(whole).note(record, RESTORED, told | {"reason": reason.strip()})
    return saved


def _problems(known: Mapping[str, Then], names: Sequence[str], reason: str) -> list[Problem]:
    found = []
    if not names:
        found.append(Problem(_("Choose at least one field."), "field", "required"))
    for name in names:
        if name not in known:
            text = _("“%(field)s” does not differ from that version.", field=name[:60])
            found.append(Problem(text, name[:60], "same"))
        elif known[name].why_not:
            text = _("%(field)s: %(why)s", field=known[name].spec.label, why=known[name].why_not)
            found.append(Problem(text, name, "restore"))
    if not reason.strip():
        found.append(Problem(_("Please give the reason."), "reason", "required"))
    if problem := reading.text_problem(reason, "reason", _("Reason")):
        found.append(problem)
    return found
