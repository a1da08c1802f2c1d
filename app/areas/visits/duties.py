"""What a period asks for is opened on its first day: a row of the register that the policy names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app.areas.complaints import operations as complaints
from app.core import clock
from app.core.db import session
from app.core.register import Register, registers
from app.engines.deadlines.recurring import DueTask, opens_tasks
from app.engines.people import operations as people
from app.engines.people.seats import holders_many
from app.engines.policy import operations as policy


@opens_tasks
def open_rows(task: DueTask) -> bool:
    """Begin the rows of a task that opens some, unless the period has them already, whoever wrote them."""
    if task.opens is None or task.opens.register_ not in policy.pack_for(task.pack_version_id).cases:
        return False
    register = registers()[task.opens.register_]
    wanted = [(unit_id, facts) for unit_id, facts in _wanted(task) if not _there(register, task, facts)]
    for unit_id, facts in wanted:
        _open(register, task, unit_id, facts)
    return bool(wanted)


def _wanted(task: DueTask) -> Iterator[tuple[int, dict[str, Any]]]:
    """The unit and the facts of each row: one for the task, or one for each person who holds one of its posts."""
    opens, facts = task.opens, {**task.opens.fills, task.opens.period_field: task.period.name}
    if opens.person_field is None:
        yield task.unit_id, facts
        return
    posts = policy.pack_for(task.pack_version_id).tasks[task.key].posts
    codes = [f"{task.policy}.{post}" for post in posts]
    seats = holders_many(codes, [people.path_of(task.adopter_id)], clock.today())
    own = {seat.employee_id: seat.unit_id for seat in seats if seat.for_employee_id is None}
    for person_id, unit_id in sorted(own.items()):
        yield unit_id, facts | {opens.person_field: person_id}


def _there(register: Register, task: DueTask, facts: dict[str, Any]) -> bool:
    """Whether the row is there: of the same period, kind and person, whatever it is called."""
    table, named = register.model.__table__, {task.opens.period_field}
    same = [table.c[name] == value for name, value in facts.items()
            if name in named or register.fields[name].kind.name in ("choice", "ref")]  # fmt: skip
    here = sa.select(table.c.id).where(table.c.adopter_id == task.adopter_id, table.c.policy == task.policy, *same)
    return session.scalar(here.limit(1)) is not None


def _open(register: Register, task: DueTask, unit_id: int, facts: dict[str, Any]) -> None:
    """A numbered row, due when the task is; the person whom it names is in charge of it."""
    told = dict(facts)
    if task.opens.until_field:
        told[task.opens.until_field] = clock.to_local(task.due_at).date()
    owner = facts.get(task.opens.person_field or "") or _in_charge(task, unit_id)
    whole = complaints.begin(register.model, unit_id, task.policy, owner_id=owner, **told)
    born = complaints.announce(whole, clock.now())
    complaints.give_number(born.record, clock.now())


def _in_charge(task: DueTask, unit_id: int) -> int | None:
    """Who holds the first post of a task in a unit; nobody when that is not one person."""
    first = policy.pack_for(task.pack_version_id).tasks[task.key].posts[0]
    seats = holders_many([f"{task.policy}.{first}"], [people.path_of(unit_id)], clock.today())
    own = {seat.employee_id for seat in seats if seat.unit_id == unit_id and seat.for_employee_id is None}
    return own.pop() if len(own) == 1 else None
