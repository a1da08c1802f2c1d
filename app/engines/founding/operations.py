"""How far the first steps are, and what somebody has seen to: looked at, finished, put away."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import access
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.installation import DEMO, Fact
from app.core.remembering import within_transaction
from app.engines.founding import checking, newcomers, posts, units
from app.engines.founding.models import (
    CALENDAR,
    CHECK,
    DONE,
    PEOPLE,
    POLICIES,
    POSTS,
    PUT_AWAY,
    STEPS,
    SWEEPS,
    UNITS,
    FirstStep,
)
from app.engines.people.models import Employee, OrgUnit
from app.engines.sweeps.models import SweepJob
from app.engines.sweeps.registry import sweeps

__all__ = ["checking", "looked_at", "newcomers", "posts", "progress", "put_away", "take_up", "units"]


@within_transaction(FirstStep)
def marks() -> Mapping[str, str]:
    """What somebody has seen to, by step."""
    return {row.step: row.state for row in session.execute(sa.select(FirstStep.step, FirstStep.state))}


def progress() -> dict[str, bool]:
    """Which of the steps are done, in their order: counted where it can be counted."""
    known, adopted = marks(), posts.overview()
    jobs = sa.select(SweepJob.id).where(SweepJob.name.in_(sorted(sweeps())))
    there = (sa.select(OrgUnit.id), sa.select(Employee.id).where(Employee.account_id.is_not(None)), jobs,
             jobs.where(~SweepJob.enabled))  # fmt: skip
    founded, peopled, swept, halted = session.execute(sa.select(*(one.exists() for one in there))).one()
    done = {
        UNITS: founded,
        PEOPLE: peopled and not newcomers.waiting(),
        POLICIES: bool(adopted),
        POSTS: bool(adopted) and not any(one.missing for one in adopted),
        CALENDAR: known.get(CALENDAR) == DONE,
        SWEEPS: swept and not halted,
        CHECK: known.get(CHECK) == DONE,
    }
    return {step: done[step] for step in STEPS}


def offered() -> bool:
    """Whether the workbench speaks of the first steps: not in the demo, and not once they are finished or put away."""
    if not access.current().can("first_step", "write"):
        return False
    demo = session.scalar(sa.select(Fact.value).where(Fact.name == DEMO))
    return not (demo or {}).get("seeded") and CHECK not in marks()


def looked_at(step: str) -> None:
    """Keep that somebody has seen to a step; the last check only when nothing blocks. Raises ``Refusal``."""
    if step == CHECK:
        blocking = [Problem(found.text, None, found.step) for found in checking.findings() if found.blocks]
        Refusal.when(blocking)
    _mark(step, DONE)


def put_away() -> None:
    """Speak of the first steps no more; each of them stays where it is."""
    _mark(CHECK, PUT_AWAY)


def take_up() -> None:
    """Speak of the first steps again."""
    access.require("first_step", "write")
    for row in session.scalars(sa.select(FirstStep).where(FirstStep.step == CHECK)):
        session.delete(row)
    session.flush()


def _mark(step: str, state: str) -> None:
    access.require("first_step", "write")
    if step not in STEPS:
        raise Refusal(Problem(_("“%(value)s” is not one of the choices.", value=step[:40]), "step", "choice"))
    row = session.scalar(sa.select(FirstStep).where(FirstStep.step == step).with_for_update())
    row = row or FirstStep(step=step)
    row.state = state
    session.add(row)
    session.flush()
