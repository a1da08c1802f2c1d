"""What happens by itself: figures and proposals each night, customers without a guide, VIPs nobody contacts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.areas.complaints import operations as complaints
from app.areas.customers.operations import Customer, CustomerGrade
from app.areas.loyalty import buying, grades, hand_over
from app.areas.visits.operations import VisitTask
from app.core import clock
from app.core.db import session
from app.engines.deadlines.models import BREACHED, DeadlineClock
from app.engines.deadlines.recurring import adoptions
from app.engines.people import operations as people
from app.engines.people.models import OrgUnit
from app.engines.policy import operations as policy
from app.engines.policy.calc import Settings
from app.engines.sweeps.registry import Batch, sweep

BATCH, FEW = 500, 5
AT_RISK, CONTACT = "at_risk", "vip_contact"


def _units(day: dt.date, wanted: Any) -> Iterator[tuple[int, Settings]]:
    """The units whose policy has what is wanted, each with its settings."""
    for adopter_id, code in adoptions():
        version = policy.current_version(code, day)
        if version is not None and wanted(pack := policy.pack_for(version.id)):
            yield adopter_id, policy.settings_for(pack, adopter_id, day)


@sweep("loyalty.customers", title=_l("VIP classes: sales of twelve months, standing, proposals"), schedule="20 1 * * *")
def judge_customers(at: dt.datetime) -> Iterator[Batch]:
    """Sum up the sales of every customer, many at a time; only changed files and classes are written."""
    day = clock.to_local(at).date()
    for adopter_id, settings in _units(day, lambda pack: grades.TIER in pack.tiers):
        after = 0
        while ids := _next(adopter_id, after):
            known = buying.gather(ids, settings, day)
            changed = {*buying.refresh(known, settings, day), *grades.propose(known, settings, day)}
            after = ids[-1]
            found = [_finding(key, adopter_id) for key in sorted(changed)[:FEW]]
            yield Batch({"checked": len(ids), "hit": len(changed)}, found)


def _next(adopter_id: int, after: int) -> Sequence[int]:
    below = sa.select(OrgUnit.id).where(OrgUnit.path.startswith(people.path_of(adopter_id), autoescape=True))
    row = Customer
    found = sa.select(row.id).where(row.id > after, row.unit_id.in_(below), row.merged_into_id.is_(None))
    return session.scalars(found.order_by(row.id).limit(BATCH)).all()


def _finding(customer_id: int, adopter_id: int) -> dict[str, Any]:
    return {"case": f"customer {customer_id}", "url": f"/customer/{customer_id}", "unit": adopter_id}


@sweep(
    "loyalty.ownerless", title=_l("Customers whose guide has left: list them for hand-over"), schedule="*/10 * * * *",
    quiet=True,
)
def list_ownerless(at: dt.datetime) -> Iterator[Batch]:
    """List the customers of everybody who left; a second run finds nothing."""
    day = clock.to_local(at).date()
    for adopter_id, settings in _units(day, lambda pack: hand_over.CLOCK in pack.clocks):
        while found := hand_over.ownerless(adopter_id, BATCH):
            for customer in found:
                hand_over.list_one(customer, settings.pack.code, at)
            yield Batch({"hit": len(found)}, [_finding(one.id, adopter_id) for one in found[:FEW]])


@sweep("loyalty.at_risk", title=_l("VIPs not contacted in time: open a care task"), schedule="40 1 * * *")
def care_for_vips(at: dt.datetime) -> Iterator[Batch]:
    """A VIP of a high class whose contact is overdue gets a care task, unless one is open."""
    day = clock.to_local(at).date()
    for adopter_id, settings in _units(day, lambda pack: CONTACT in pack.clocks):
        late = [row for row in _neglected(adopter_id, settings) if grades.is_key(row, row.decided_class)]
        for grade in late:
            _care(grade, settings, day, at)
        if late:
            yield Batch({"hit": len(late)}, [_finding(row.customer_id, adopter_id) for row in late[:FEW]])


def _neglected(adopter_id: int, settings: Settings) -> Sequence[CustomerGrade]:
    row, late, task = CustomerGrade, DeadlineClock, VisitTask
    cared = sa.exists().where(
        task.customer_id == row.customer_id, task.kind == AT_RISK, task.done_on.is_(None), task.adopter_id == adopter_id
    )
    found = sa.select(row).join(late, sa.and_(late.of_register == row.__tablename__, late.record_id == row.id))
    found = found.where(
        row.adopter_id == adopter_id, late.key == f"{settings.pack.code}.{CONTACT}", late.status == BREACHED, ~cared
    )
    return session.scalars(found.order_by(row.id)).all()


def _care(grade: Any, settings: Settings, day: dt.date, at: dt.datetime) -> None:
    content = _("Nobody has reached this VIP since %(day)s.", day=grade.contact_on)
    due = day + dt.timedelta(days=settings.value("care_days"))
    told = {"kind": AT_RISK, "customer_id": grade.customer_id, "person_id": grade.owner_id, "content": content}
    whole = complaints.begin(VisitTask, grade.unit_id, settings.pack.code, owner_id=grade.owner_id, due_on=due, **told)
    complaints.announce(whole, at)
