"""Daily work on customers' files: who keeps which material, what each took from the files, summaries of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.operations import take_system_step
from app.areas.customers.operations import Customer, InformationSheet
from app.areas.organisation.operations import DutyAssignment
from app.core import access, clock, moves, saving
from app.core.db import session
from app.core.errors import Problem
from app.core.hooks import Moved, Step, effect, guard
from app.core.register import registers
from app.engines.calculating.operations import settings_of
from app.engines.deadlines.operations import calendar_of
from app.engines.people import operations as people
from app.engines.people.models import Employee, OrgUnit

MATERIAL, CAPACITY, IN_FORCE = "material", "capacity", "in_force"
EXTRACT, UPDATE, OPEN = "extract", "update", "submitted"
A_DAY = dt.timedelta(days=1)


# -- duties ------------------------------------------------------------------------------------------------------------


@guard("duty_is_free")
def duty_is_free(step: Step) -> Iterable[Problem]:
    """A kind of material has one keeper at a time, and a person one capacity."""
    row, kind = DutyAssignment, step.get("kind")
    field = "material_type" if kind == MATERIAL else "person_id"
    taken = sa.select(row.id).where(
        row.adopter_id == step.whole.record.adopter_id, row.kind == kind, row.status == IN_FORCE,
        getattr(row, field) == step.get(field), row.id != step.whole.record.id,
    )  # fmt: skip
    if session.scalar(taken.limit(1)) is not None:
        text = _("Somebody keeps this material already.") if kind == MATERIAL else _("The capacity is entered already.")
        yield Problem(text, field, "unique", step.move.clause)


@guard("weight_in_bounds")
def weight_in_bounds(step: Step) -> Iterable[Problem]:
    """The weight of the ability lies between the bounds of the policy."""
    weight, settings = step.get("capacity_weight"), settings_of(step.whole.record)
    least, most = settings.value("weight_least"), settings.value("weight_most")
    if step.get("kind") == CAPACITY and weight is not None and not least <= weight <= most:
        text = _("The weight lies between %(least)s and %(most)s.", least=least, most=most)
        yield Problem(text, "capacity_weight", "bounds", step.move.clause)


@effect("begin_duty", early=True)
def begin_duty(moved: Moved) -> None:
    """The person named sees the duty, and the first entry is due."""
    row: Any = moved.record
    due = {MATERIAL: row.from_date, CAPACITY: _working_day(row, row.from_date)}.get(row.kind)
    person = session.get_one(Employee, row.person_id).name
    name = f"{row.material_type} · {person}" if row.material_type else person
    told = {"name": name, "owner_id": row.person_id, "assigned_by_id": moved.employee_id, "due_on": due}
    moved.whole.update(told)
    moved.whole.save()


def _working_day(case: Any, day: dt.date) -> dt.date:
    """The day, or the next working day of the policy's calendar."""
    calendar = settings_of(case).pack.calendar
    days = calendar_of(calendar.code, calendar.hours)
    return day if days.is_working(day) else days.add_working_days(day, 1)


def _entered(duty: Any, day: dt.date) -> None:
    """An entry of a day was made: the next one is due on the day after, for extracts on the next working day."""
    following = day + A_DAY if duty.kind == MATERIAL else _working_day(duty, day + A_DAY)
    latest = max(day, duty.last_updated_on or day)
    fields = {"last_updated_on": latest, "due_on": max(following, duty.due_on or following)}
    whole = moves.whole_of(duty)
    whole.update(fields)
    whole.save()
    saving.told(whole, fields)


# -- sheets ------------------------------------------------------------------------------------------------------------


@guard("one_sheet_a_day")
def one_sheet_a_day(step: Step) -> Iterable[Problem]:
    """Of an extract and of an update there is one for each person or material and day, never for a day to come."""
    row, case, day = InformationSheet, step.whole.record, step.get("sheet_on")
    if day is not None and day > clock.today():
        yield Problem(_("The day lies in the future."), "sheet_on", "not_future", step.move.clause)
    same = row.duty_id == step.get("duty_id") if step.get("kind") == UPDATE else row.owner_id == _owner(case)
    there = sa.select(row.id).where(
        row.adopter_id == _adopter(case), row.kind == step.get("kind"), row.sheet_on == day, same, row.id != case.id
    )
    if session.scalar(there.limit(1)) is not None:
        yield Problem(_("There is a sheet of this day already."), "sheet_on", "unique", step.move.clause)


def _owner(case: Any) -> int | None:
    owner: int | None = case.owner_id
    return owner


def _adopter(case: Any) -> int:
    adopter: int = case.adopter_id
    return adopter


@guard("own_material")
def own_material(step: Step) -> Iterable[Problem]:
    """Material is brought up to date by whoever keeps it."""
    duty = session.get(DutyAssignment, step.get("duty_id") or 0)
    if duty is None or duty.kind != MATERIAL or duty.status != IN_FORCE or duty.person_id != step.access.employee_id:
        yield Problem(_("Name material that you keep."), "duty_id", "own", step.move.clause)


@effect("note_extract")
def note_extract(moved: Moved) -> None:
    """The daily extract of a specialist is done; the next one is due on the next working day."""
    row = DutyAssignment
    mine = sa.select(row).where(
        row.adopter_id == _adopter(moved.record), row.kind == CAPACITY, row.status == IN_FORCE,
        row.person_id == _owner(moved.record),
    )  # fmt: skip
    for duty in session.scalars(mine).all():
        _entered(duty, moved.whole.get("sheet_on"))


@effect("note_update")
def note_update(moved: Moved) -> None:
    """The material is up to date; the next entry is due tomorrow."""
    _entered(session.get_one(DutyAssignment, moved.whole.get("duty_id")), moved.whole.get("sheet_on"))


@guard("extracts_are_open")
def extracts_are_open(step: Step) -> Iterable[Problem]:
    """Whoever receives extracts sums them up: those that were handed in and that no other summary has."""
    holder = step.lifecycle.states[OPEN].holder
    if holder and step.access.holds([f"{step.lifecycle.policy}.{holder.post}"], step.lifecycle.within) is None:
        yield Problem(_("Another post sums extracts up."), "kind", "post", step.move.clause)
    for sheet in _extracts(step.get("extracts") or ()):
        if sheet.kind != EXTRACT or sheet.status != OPEN:
            text = _("“%(number)s” is no extract that waits to be summed up.", number=sheet.sheet_no)
            yield Problem(text, "extracts", "state", step.move.clause)


@effect("sum_up", early=True)
def sum_up(moved: Moved) -> None:
    """The extracts are received, and how many customers stand in which class is kept."""
    row: Any = moved.record
    counts = _by_class(row.adopter_id)
    told = "\n".join(f"{name or _('Not classified')} {count}" for name, count in counts)
    moved.whole.update({"class_counts": told, "classified_count": sum(count for name, count in counts if name)})
    moved.whole.save()
    for sheet in _extracts(row.extracts or ()):
        whole = moves.whole_of(sheet)
        whole.update({"merged": True, "received_by_id": access.current().employee_id})
        whole.save()
        take_system_step(sheet)


def _extracts(ids: Iterable[int]) -> Sequence[Any]:
    return session.scalars(sa.select(InformationSheet).where(InformationSheet.id.in_(list(ids)))).all()


def _by_class(adopter_id: int) -> list[tuple[str | None, int]]:
    """How many customers of a unit and those below it stand in each class; one statement."""
    row, kind = Customer, registers()["customer_class"].model.__table__
    below = sa.select(OrgUnit.id).where(OrgUnit.path.startswith(people.path_of(adopter_id), autoescape=True))
    counted = (
        sa.select(kind.c.name, sa.func.count())
        .select_from(Customer)
        .outerjoin(kind, kind.c.id == row.customer_class_id)
        .where(row.unit_id.in_(below), row.merged_into_id.is_(None), row.left_on.is_(None))
        .group_by(kind.c.name, kind.c.code)
        .order_by(kind.c.code)
    )
    return [(name, count) for name, count in session.execute(counted)]
