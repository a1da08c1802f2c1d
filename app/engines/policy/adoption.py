"""Which unit works by which policy, from a day to a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import aliased

from app.core import access, clock
from app.core.db import session
from app.core.errors import Forbidden, Problem, Refusal
from app.core.remembering import within_transaction
from app.engines.people import operations as people
from app.engines.people.models import OrgUnit
from app.engines.policy import coverage
from app.engines.policy.models import PolicyAdoption
from app.engines.policy.versions import current_version


class Adopted(NamedTuple):
    """A policy that a unit works by, and the unit that adopted it."""

    policy: str
    unit_id: int
    path: str


def adopt(unit: OrgUnit, code: str, first: dt.date | None = None, last: dt.date | None = None) -> PolicyAdoption:
    """Let a unit (and what lies below it) work by a policy from a day on.

    Raises ``Refusal`` for a policy that does not run yet, or one that the unit already works by at that time,
    ``Forbidden`` for a unit beyond the person's reach.
    """
    first = first or clock.today()
    within_reach(unit, PolicyAdoption.__tablename__)
    session.refresh(unit, with_for_update=True)
    Refusal.when(_hindrances(unit, code, first, last or dt.date.max))
    made = PolicyAdoption(unit_id=unit.id, policy=code, valid_from=first, valid_to=last)
    session.add(made)
    session.flush()
    return made


def ever_adopted(unit_id: int, code: str) -> bool:
    """Whether a unit itself works by a policy, did, or will."""
    here = sa.select(PolicyAdoption.id).where(PolicyAdoption.unit_id == unit_id, PolicyAdoption.policy == code)
    return session.scalar(here.limit(1)) is not None


def end_adoption(adoption: PolicyAdoption, last: dt.date) -> None:
    """Let an adoption end with a day; one that has not begun by then is taken back. Running cases go on under it.

    Raises ``Refusal`` for a past day, or when it ends no later anyway, ``Forbidden`` for a unit beyond reach.
    """
    within_reach(session.get_one(OrgUnit, adoption.unit_id), PolicyAdoption.__tablename__)
    session.refresh(adoption, with_for_update=True)
    if last < clock.today():
        raise Refusal(Problem(_("An adoption ends today at the earliest."), "valid_to", "not_past"))
    if adoption.valid_to is not None and adoption.valid_to <= last:
        raise Refusal(Problem(_("It ends on %(day)s already.", day=adoption.valid_to), "valid_to", "period"))
    if last < adoption.valid_from:
        session.delete(adoption)
    else:
        adoption.valid_to = last
    session.flush()


def within_reach(unit: OrgUnit, slug: str) -> None:
    """A permission counts in the units of the very holding that gives it."""
    if not reaches(unit, slug):
        raise Forbidden(Problem(_("You may not decide this for “%(unit)s”.", unit=unit.name), "unit_id", "reach"))


def reaches(unit: OrgUnit, slug: str) -> bool:
    """Whether the person may write a register's rows of a unit."""
    return any(access.covers(reach, unit) for reach in access.current().reaches(slug, "write"))


def _hindrances(unit: OrgUnit, code: str, first: dt.date, last: dt.date) -> Iterator[Problem]:
    if last < first:
        yield Problem(_("The last day lies before the first."), "valid_to", "period")
    of_our_own = code not in coverage.coverages()  # nothing is written down of it but its pack
    known = coverage.coverages().get(code)
    if known is not None and known.same_as:
        text = _("%(code)s is a second copy of %(other)s: adopt %(other)s.", code=code, other=known.same_as)
        yield Problem(text, "policy", "second_copy")
    elif not (of_our_own or coverage.runs(code)) or current_version(code, first) is None:
        yield Problem(_("Policy %(code)s does not run yet and cannot be adopted.", code=code), "policy", "runs")
    overlap = sa.select(PolicyAdoption.id).where(
        PolicyAdoption.unit_id == unit.id,
        PolicyAdoption.policy == code,
        PolicyAdoption.valid_from <= last,
        sa.func.coalesce(PolicyAdoption.valid_to, dt.date.max) >= first,
    )
    if session.scalar(overlap) is not None:
        yield Problem(_("The unit already works by policy %(code)s then.", code=code), "policy", "overlap")


def adopted(unit_id: int, day: dt.date) -> list[Adopted]:
    """Every policy a unit works by, the nearest adopter first; refuses a unit that is not there."""
    found = adopted_in((unit_id,), day)[unit_id]
    if not found:
        people.path_of(unit_id)
    return found


@within_transaction(PolicyAdoption, OrgUnit)
def adopted_in(units: tuple[int, ...], day: dt.date) -> Mapping[int, list[Adopted]]:
    """The same of several units, by unit; one statement."""
    here, found = aliased(OrgUnit), defaultdict[int, list[Adopted]](list)
    rows = session.execute(
        sa.select(here.id.label("of"), PolicyAdoption.policy, OrgUnit.id, OrgUnit.path)
        .join(OrgUnit, OrgUnit.id == PolicyAdoption.unit_id)
        .join(here, here.path.startswith(OrgUnit.path))
        .where(
            here.id.in_(units),
            PolicyAdoption.valid_from <= day,
            sa.func.coalesce(PolicyAdoption.valid_to, day) >= day,
        )
        .order_by(sa.func.length(OrgUnit.path).desc(), PolicyAdoption.policy)
    )
    for of, *one in rows:
        found[of].append(Adopted(*one))
    return found
