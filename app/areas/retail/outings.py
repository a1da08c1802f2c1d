"""The outing of every week that nobody held, and the talks with key accounts that follow each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.areas.complaints.operations import give_number
from app.areas.visits.operations import CustomerEvent
from app.core import clock, moves
from app.core.db import session
from app.core.hooks import Moved, effect
from app.core.wording import N_
from app.engines.calendar import operations as calendar
from app.engines.notifications import operations as notifications
from app.engines.people import operations as people
from app.engines.policy import operations as policy
from app.engines.policy.calc import Settings
from app.engines.policy.models import PolicyAdoption
from app.engines.sweeps.registry import Batch, sweep

WEEKDAY, CLOCK, OUTING, FORUM = "outing_weekday", "weekly_outing", "outing", "forum"
SLUG = CustomerEvent.__tablename__
MISSED = N_("No outing took place on %(day)s.")


@sweep("retail.outings", title=_l("Outings of the week that nobody held"), schedule="6 0 * * *")
def find_missed(at: dt.datetime) -> Iterator[Batch]:
    """For the day before: a planned outing that was not held is missed, and so is one that nobody planned."""
    day = clock.to_local(at).date() - dt.timedelta(days=1)
    for adopter_id, code, settings in _adopters(day):
        if day.isoweekday() != int(settings.value(WEEKDAY)) or not _works(settings, day):
            continue
        found = [*session.scalars(_of_day(adopter_id, day).order_by(CustomerEvent.id))]
        if not found:
            found = [_missing(adopter_id, code, day)]
        missed = [event for event in found if event.status == "planned"]
        for event in missed:
            moves.move(event, "miss", as_system=True)
        if missed:
            _tell_heads(settings, adopter_id, day, missed[0])
        cases = [
            {"case": event.event_no or "", "url": f"/{SLUG}/{event.id}", "unit": event.unit_id} for event in missed
        ]
        yield Batch({"checked": len(found), "hit": len(missed)}, cases[:5])


def _adopters(day: dt.date) -> Iterator[tuple[int, str, Settings]]:
    """The units whose policy names a weekday of outings."""
    used = sa.select(PolicyAdoption).where(
        PolicyAdoption.valid_from <= day, sa.or_(PolicyAdoption.valid_to.is_(None), PolicyAdoption.valid_to >= day)
    )
    for adoption in session.scalars(used.order_by(PolicyAdoption.unit_id, PolicyAdoption.policy)).all():
        version = policy.current_version(adoption.policy, day)
        pack = policy.pack_for(version.id) if version is not None else None
        if pack is not None and WEEKDAY in pack.parameters and SLUG in pack.cases:
            yield adoption.unit_id, adoption.policy, policy.settings_for(pack, adoption.unit_id, day)


def _works(settings: Settings, day: dt.date) -> bool:
    return calendar.calendar_for(settings.pack.calendar.code).is_working(day)


def _of_day(adopter_id: int, day: dt.date) -> Any:
    """The regular outings of a day, called off ones too: those have their reason."""
    return sa.select(CustomerEvent).where(
        CustomerEvent.adopter_id == adopter_id, CustomerEvent.kind == OUTING, CustomerEvent.due_on == day
    )


def _missing(adopter_id: int, code: str, day: dt.date) -> Any:
    """The row of an outing that nobody planned."""
    begun = moves.begin(CustomerEvent.register, adopter_id, code)
    event = CustomerEvent(
        kind=OUTING, due_on=day, regular=True, unit_id=adopter_id, policy=begun.policy, adopter_id=begun.adopter_id,
        pack_version_id=begun.pack_version_id, status=begun.start,
    )  # fmt: skip
    session.add(event)
    session.flush()
    give_number(event, clock.now())
    return event


def _tell_heads(settings: Settings, adopter_id: int, day: dt.date, event: Any) -> None:
    """Whoever the clock of the outing goes up to hears of it."""
    pack, clock_ = settings.pack, settings.pack.clocks.get(CLOCK)
    posts = [f"{pack.code}.{key}" for rung in (clock_.escalation if clock_ else ()) for key in rung.posts]
    seats = people.holders_many(posts, [people.path_of(adopter_id)], day)
    said, clause = {"day": day.isoformat()}, pack.parameters[WEEKDAY].clause
    heads = [seat.employee_id for seat in seats]
    notifications.notify(f"outing.missed:{event.id}", heads, MISSED, said, f"/{SLUG}/{event.id}", clause)


@effect("end_forum_cycle")
def end_forum_cycle(moved: Moved) -> None:
    """With a new forum the time until the next one begins anew: earlier ones are over."""
    here: Any = moved.record
    earlier = sa.select(CustomerEvent).where(
        CustomerEvent.adopter_id == here.adopter_id, CustomerEvent.kind == FORUM, CustomerEvent.status == "held",
        CustomerEvent.id != here.id,
    )  # fmt: skip
    for event in session.scalars(earlier.order_by(CustomerEvent.id)).all():
        moves.move(event, "follow", as_system=True)
