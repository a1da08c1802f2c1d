"""The last look before a first case: what would stop it, and what would come to light later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import clock
from app.core.db import session
from app.core.errors import NotFound
from app.core.register import registers
from app.core.wording import N_, counted, listed, pair
from app.engines.calendar import editing
from app.engines.calendar import operations as calendars
from app.engines.calendar.models import FIRM, PROVISIONAL, CalendarYear
from app.engines.founding import newcomers, posts
from app.engines.founding.models import CALENDAR, PEOPLE, POLICIES, POSTS, SWEEPS, UNITS
from app.engines.founding.posts import Adopted
from app.engines.people import calc, catalogue
from app.engines.people import operations as people
from app.engines.people.models import Employee, Holding, OrgUnit
from app.engines.policy import operations as policies
from app.engines.sweeps import operations as sweeps


class Finding(NamedTuple):
    """One thing that stops a first case (``blocks``) or that somebody should know, and the step that mends it."""

    step: str
    blocks: bool
    text: str
    person_id: int | None = None


def findings() -> list[Finding]:
    """Everything that is found, what blocks first."""
    adopted = posts.overview()
    about = (_company, _twice, _places, _accounts, _apart)
    found = [*(one for look in about for one in look(adopted)), *_calendar(), *_sweeps()]
    return sorted(found, key=lambda one: not one.blocks)


def _company(adopted: Sequence[Adopted]) -> Iterator[Finding]:
    if session.scalar(sa.select(OrgUnit.id).limit(1)) is None:
        yield Finding(UNITS, True, _("There is no unit yet."))
    if session.scalar(sa.select(Employee.id).limit(1)) is None:
        yield Finding(PEOPLE, True, _("Nobody is taken in yet."))
    if not adopted:
        yield Finding(POLICIES, True, _("No unit works by a policy yet."))
    waiting = len(newcomers.waiting())
    if waiting:
        text = counted(waiting, N_("1 account is not opened yet."), N_("%(number)s accounts are not opened yet."))
        yield Finding(PEOPLE, False, text)


def _twice(adopted: Sequence[Adopted]) -> Iterator[Finding]:
    """Two policies of one unit that both open cases of a register: nobody could say under which a case begins."""
    pairs = combinations(sorted(adopted, key=lambda one: one.policy), 2)
    for one, other in pairs:
        both = one.registers & other.registers
        if one.unit_id == other.unit_id and both:
            names = listed(registers()[slug].label for slug in sorted(both))
            said = {"first": one.policy, "second": other.policy, "unit": one.unit, "registers": names}
            yield Finding(POLICIES, True, _(
                "%(first)s and %(second)s both govern %(registers)s in “%(unit)s”: no case can begin. "
                "Let a unit below it work by one of them.", **said,
            ))  # fmt: skip


def _places(adopted: Sequence[Adopted]) -> Iterator[Finding]:
    for one in adopted:
        for place in one.places:
            if place.free and place.desk.first:
                said = {"policy": one.policy, "post": place.desk.label, "unit": one.unit}
                yield Finding(POSTS, True, _("%(policy)s: nobody in “%(unit)s” is “%(post)s”.", **said))
        later = [place.desk.label for place in one.places if place.free and not place.desk.first]
        if later:
            text = _("%(policy)s: free, and needed for what follows a case: %(posts)s.", policy=one.policy,
                     posts=listed(later))  # fmt: skip
            yield Finding(POSTS, False, text)


def _accounts(adopted: Sequence[Adopted]) -> Iterator[Finding]:
    """Whoever holds a post must be able to sign in."""
    for one in adopted:
        for place in one.places:
            if place.counts and place.seats and all(seat.person.account_id is None for seat in place.seats):
                who = listed(seat.person.name for seat in place.seats)
                said = {"policy": one.policy, "post": place.desk.label, "who": who}
                text = _("%(policy)s: “%(post)s” is %(who)s, who has no account.", **said)
                yield Finding(PEOPLE, place.desk.first, text, place.seats[0].person.id)


def _apart(adopted: Sequence[Adopted]) -> Iterator[Finding]:
    """Duties that a policy adopted since keeps apart; giving them now would be refused.

    Under which policies somebody works is asked only of whom any policy of the company would stop.
    """
    held: dict[int, list[Holding]] = defaultdict(list)
    for holding in session.scalars(sa.select(Holding).where(Holding.holds_on(clock.today())).order_by(Holding.id)):
        held[holding.owner_id].append(holding)
    everywhere = {one.policy for one in adopted}
    several = {key: rows for key, rows in held.items() if _broken(rows, everywhere)}
    names = _names(several)
    for key, rows in several.items():
        units = {row.unit_id for row in rows}
        here = {found.policy for unit in units for found in policies.adopted(unit, clock.today())}
        for duty in _broken(rows, here):
            text = f"{pair(names[key], people.apart(duty).message)} [{duty.clause}]"
            yield Finding(POSTS, False, text, key)


def _broken(held: Sequence[Holding], adopted: set[str]) -> list[catalogue.Duty]:
    """The duties kept apart by some policies that one person holds together."""
    roles = list(dict.fromkeys(row.role for row in held))
    return [duty for at, role in enumerate(roles)
            for duty in calc.broken_by_person(roles[:at], role, adopted, catalogue.duties())]  # fmt: skip


def _names(wanted: Mapping[int, object]) -> dict[int, str]:
    query = sa.select(Employee.id, Employee.name).where(Employee.id.in_(list(wanted)))
    return {row.id: row.name for row in session.execute(query)}


def years() -> list[CalendarYear]:
    """The present and the coming year of the usual calendar, as far as they are known."""
    this = clock.today().year
    try:
        return [row for year in (this, this + 1) if (row := editing.year_of(calendars.DEFAULT, year)) is not None]
    except NotFound:
        return []


def _calendar() -> Iterator[Finding]:
    known, this = {row.year: row.status for row in years()}, clock.today().year
    if this not in known:
        yield Finding(CALENDAR, True, _("The working calendar does not know %(year)s.", year=this))
    for year in (this, this + 1):
        if known.get(year, FIRM) == PROVISIONAL:
            yield Finding(CALENDAR, False, _(
                "The make-up days of %(year)s are not announced yet: limits that reach into it may move.", year=year,
            ))  # fmt: skip


def _sweeps() -> Iterator[Finding]:
    jobs = [job for job, _last in sweeps.jobs_with_last_run()]
    if not jobs:
        yield Finding(SWEEPS, False, _("The scheduler has not run yet; it starts together with the portal."))
    off = sum(not job.enabled for job in jobs)
    if off:
        yield Finding(SWEEPS, True, _("%(count)s sweeps are switched off: nobody is warned or urged.", count=off))
