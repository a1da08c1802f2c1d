"""Keeping a case from whom it names, recusing a person from it, and letting somebody see the identity behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import barring, moves, saving
from app.core.barring import NAMED, RECUSED, TIED, Barrier
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.moves import Moved
from app.core.register import Record, register_of
from app.core.scope import call_in
from app.core.whole import Whole
from app.core.wording import N_, listed
from app.engines.audit import operations as audit
from app.engines.people import operations as people
from app.engines.people.models import Employee, OrgUnit
from app.engines.policy import operations as policy

if TYPE_CHECKING:
    from app.packs.shields import Shield

LET_IN = N_("%(people)s may see the identity")
KEPT = {
    NAMED: N_("Kept from %(people)s, whom the case names"),
    TIED: N_("Kept from %(people)s, related to somebody whom the case names"),
    RECUSED: N_("Kept from %(people)s, recused for an interest in the matter"),
}


def shield_of(record: Any) -> Shield | None:
    """What the policy of a case says of whom it is kept from."""
    register = register_of(record)
    if not register.from_pack:
        return None
    shields = policy.pack_for(record.pack_version_id).shields.values()
    return next((shield for shield in shields if shield.register_ == register.slug), None)


def renew(whole: Whole) -> None:
    """Keep a case from whom its fields name now; the caller commits.

    Raises ``Refusal`` when a named unit is the one that works by the policy, or stands above it: nobody would be left.
    """
    record: Any = whole.record
    shield = shield_of(record)
    if shield is None:
        return
    named, units = _ids(whole, shield.people), _ids(whole, shield.units)
    Refusal.when(_too_high(record, shield, units))
    fresh = barring.set_barriers(record, NAMED, named, units)
    _note(record, fresh, NAMED, shield.clause)
    tied = (relatives(named) if shield.ties else set()) - named
    _note(record, barring.set_barriers(record, TIED, tied), TIED, shield.clause)


def _ids(whole: Whole, names: Iterable[str]) -> set[int]:
    found: set[int] = set()
    for name in names:
        value = whole.get(name)
        found.update(value if isinstance(value, list) else [value] if value else [])
    return found


def _too_high(record: Any, shield: Shield, units: Iterable[int]) -> Iterable[Problem]:
    within = people.path_of(record.adopter_id)
    for unit_id in units:
        if within.startswith(people.path_of(unit_id)):
            text = _("The whole company cannot be kept from its own case; name the department or the person.")
            yield Problem(text, next(iter(shield.units)), "below_adopter", shield.clause)


def relatives(named: Iterable[int]) -> set[int]:
    """Who is related to these people by the employee file, whichever of both says so."""
    wanted, found = set(named), set[int]()
    told = sa.select(Employee.id, Employee.relatives).where(Employee.relatives.is_not(None))
    for person, kin in session.execute(told) if wanted else ():
        if person in wanted:
            found.update(kin or ())
        elif wanted & set(kin or ()):
            found.add(person)
    return found


def recuse(record: Any, employee_id: int, clause: str = "") -> None:
    """Keep one more person from a case for an interest in it; he sees nothing of it from now on."""
    slug = register_of(record).slug
    known = sa.select(Barrier.id).filter_by(register=slug, record_id=record.id, employee_id=employee_id, cause=RECUSED)
    if session.scalar(known) is None:
        session.add(Barrier(register=slug, record_id=record.id, employee_id=employee_id, cause=RECUSED))
        session.flush()
        _note(record, {employee_id}, RECUSED, clause)


def let_in(identity: Record, employee_id: int, clause: str = "") -> None:
    """Let a person see one identity, as far as the policy opens it to people who were let in."""
    if call_in(register_of(identity).slug, identity.id, employee_id):
        session.flush()
        audit.note(identity, "act", LET_IN, {"people": _names([employee_id])}, clause)


def interested(record: Any, employees: Iterable[int] = (), units: Iterable[int] = ()) -> str:
    """The names of those people and units that may have nothing to do with a case; empty when there are none."""
    slug, out = register_of(record).slug, barring.people_kept_from(register_of(record).slug, record.id)
    below = sa.select(Barrier.unit_id).where(
        Barrier.register == slug, Barrier.record_id == record.id, Barrier.unit_id.is_not(None)
    )
    named = [people.path_of(unit_id) for unit_id in session.scalars(below) if unit_id is not None]
    wrong = [unit for unit in units if any(people.path_of(unit).startswith(path) for path in named)]
    found = sa.select(OrgUnit.name).where(OrgUnit.id.in_(wrong)).order_by(OrgUnit.code)
    told = [_names(sorted(set(employees) & out)), *(session.scalars(found) if wrong else ())]
    return listed(filter(None, told))


@moves.guard("no_interest")
def no_interest(step: moves.Step) -> Iterable[Problem]:
    """Nobody and no unit that the case is kept from is asked to work on it."""
    specs = moves.fields_of_move(step.whole, step.move)
    for name, spec in specs.items():
        value = step.get(name)
        ids = value if isinstance(value, list) else [value] if value else []
        if spec.target not in ("employee", "org_unit") or not ids:
            continue
        who = interested(step.whole.record, **{"employees" if spec.target == "employee" else "units": ids})
        if who:
            text = _("%(field)s: %(who)s has an interest in this case and stays out of it.", field=spec.label, who=who)
            yield Problem(text, name, "recusal", step.move.clause)


def _note(record: Any, employees: Iterable[int], cause: str, clause: str) -> None:
    if who := _names(sorted(employees)):
        audit.note(record, "act", KEPT[cause], {"people": who}, clause)


def _names(ids: Iterable[int]) -> str:
    wanted = sorted(ids)
    found = session.scalars(sa.select(Employee.name).where(Employee.id.in_(wanted)).order_by(Employee.number))
    return listed(found) if wanted else ""


def _after_step(moved: Moved) -> None:
    renew(moved.whole)


def _after_edit(whole: Whole, _changed: Mapping[str, Any]) -> None:
    renew(whole)


moves.on_moved(_after_step, order=5)
saving.after_update(_after_edit)
