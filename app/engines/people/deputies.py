"""Who stands in for whom, in which posts and for how long (代理)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import access, clock
from app.core.db import session
from app.core.errors import Forbidden, Problem, Refusal
from app.core.wording import listed
from app.core.words import post_label
from app.engines.people.models import Deputy, Employee, Holding, OrgUnit


def appoint_deputy(
    person: Employee, stand_in: Employee, first: dt.date, last: dt.date, reason: str, only: Iterable[str] = ()
) -> Deputy:
    """Let somebody stand in for a person for a time, in all or in the named posts and roles.

    Raises ``Forbidden`` unless it is one's own deputy or the unit is in reach, ``Refusal`` for what does not fit.
    """
    _may_depute(person)
    chosen = list(only)
    Refusal.when([*_unfit_deputy(person, stand_in, first, last, reason), *_not_held(person, chosen)])
    made = Deputy(
        owner_id=person.id, unit_id=person.unit_id, deputy_id=stand_in.id, only=chosen or None,
        valid_from=first, valid_to=last, reason=reason.strip(),
    )
    session.add(made)
    session.flush()
    return made


def end_deputy(deputy: Deputy) -> None:
    """Let a deputy stop today; one who has not begun is taken back."""
    _may_depute(session.get_one(Employee, deputy.owner_id))
    if deputy.valid_from >= clock.today():
        session.delete(deputy)
    else:
        deputy.valid_to = min(deputy.valid_to or dt.date.max, clock.today() - dt.timedelta(days=1))
    session.flush()


def _may_depute(person: Employee) -> None:
    actor = access.current()
    unit = session.get_one(OrgUnit, person.unit_id)
    if person.id != actor.employee_id and not any(access.covers(r, unit) for r in actor.reaches("deputy", "write")):
        raise Forbidden(_("You may appoint your own deputy, and deputies in the units you administer."))


def deputable(person: Employee) -> list[str]:
    """The posts, and the roles without a post, that a person holds today or will: what a deputy may be limited to."""
    current = sa.or_(Holding.valid_to.is_(None), Holding.valid_to >= clock.today())
    held = sa.select(Holding.post, Holding.role).where(Holding.owner_id == person.id, current).order_by(Holding.id)
    return list(dict.fromkeys(post or role for post, role in session.execute(held)))


def _not_held(person: Employee, only: Iterable[str]) -> Iterator[Problem]:
    if strange := sorted(set(only) - set(deputable(person))):
        names = listed(post_label(code) for code in strange)
        yield Problem(_("%(name)s does not hold: %(posts)s.", name=person.name, posts=names), "only", "held")


def _unfit_deputy(
    person: Employee, stand_in: Employee, first: dt.date, last: dt.date, reason: str
) -> Iterator[Problem]:
    if person.id == stand_in.id:
        yield Problem(_("Nobody is his own deputy."), "deputy_id", "other")
    if not stand_in.active:
        yield Problem(_("The deputy no longer works here."), "deputy_id", "active")
    if last < max(first, clock.today()):
        yield Problem(_("The last day lies before the first or in the past."), "valid_to", "period")
    if not reason.strip():
        yield Problem(_("Please give the reason."), "reason", "required")
