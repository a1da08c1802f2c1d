"""Requests to see a confidential file: for one file, for a time, and over when that time is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.areas.customers.operations import CustomerProfile
from app.areas.privacy.access_request import AccessRequest
from app.core import access, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.hooks import Moved, Step, effect, guard
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole
from app.engines.calculating.operations import settings_of
from app.engines.sweeps.registry import Batch, sweep

HOURS = "access_hours"
BATCH = 200


@before_create("access_request")
def asked_by_me(whole: Whole) -> None:
    """Who asks is who writes it down."""
    whole.update({"applicant_id": access.current().employee_id})


@check("access_request")
def time_is_in_order(draft: Draft) -> Iterable[Problem]:
    """The time ends after it begins."""
    first, last = draft.get("access_from"), draft.get("access_to")
    if first is not None and last is not None and last <= first:
        yield Problem(_("The time ends before it begins."), "access_to", "after")


def _file_of(record: Any, number: str | None) -> Any:
    wanted = sa.select(CustomerProfile.id).filter_by(file_no=(number or "").strip(), adopter_id=record.adopter_id)
    return session.scalar(wanted)


@guard("file_is_there")
def file_is_there(step: Step) -> Iterable[Problem]:
    """There is a file of that number; what stands in it is not told."""
    if _file_of(step.whole.record, step.get("file_wanted")) is None:
        yield Problem(_("There is no file of this number."), "file_wanted", "reference", step.move.clause)


@guard("time_is_short")
def time_is_short(step: Step) -> Iterable[Problem]:
    """A permission holds for as many hours as the policy allows, and not for the past."""
    first, last = step.get("access_from"), step.get("access_to")
    hours = int(settings_of(step.whole.record).value(HOURS))
    begin = first or step.at
    if last is not None and last - begin > dt.timedelta(hours=hours):
        text = _("A permission holds for %(hours)s hours at most.", hours=hours)
        yield Problem(text, "access_to", "at_most", step.move.clause)
    if last is not None and last <= step.at:
        yield Problem(_("This time is over already."), "access_to", "not_past", step.move.clause)


@effect("find_file", early=True)
def find_file(moved: Moved) -> None:
    """The file that the number stands for."""
    moved.whole.update({"profile_id": _file_of(moved.record, moved.whole.get("file_wanted"))})
    moved.whole.save()


@effect("open_window", early=True)
def open_window(moved: Moved) -> None:
    """Without a time of its own a permission begins now and lasts as long as the policy allows."""
    hours = int(settings_of(moved.record).value(HOURS))
    begin = moved.whole.get("access_from") or moved.at
    end = moved.whole.get("access_to") or begin + dt.timedelta(hours=hours)
    moved.whole.update({"access_from": begin, "access_to": end})
    moved.whole.save()


@sweep("privacy.permissions", title=_l("Permissions to see files that are over"), schedule="* * * * *", quiet=True)
def end_permissions(at: dt.datetime) -> Iterator[Batch]:
    """End every permission whose time has passed; from that instant on it opened nothing anyway."""
    over = sa.select(AccessRequest).where(AccessRequest.status == "granted", AccessRequest.access_to <= at)
    due = over.order_by(AccessRequest.id).limit(BATCH).with_for_update(skip_locked=True)
    while rows := [row for row in session.scalars(due) if _may_end(row)]:
        for row in rows:
            moves.move(row, "expire", as_system=True)
        found = [
            {"case": row.request_no or "", "url": f"/access_request/{row.id}", "unit": row.unit_id} for row in rows
        ]
        yield Batch({"checked": len(rows), "hit": len(rows)}, found[:5])


def _may_end(row: Any) -> bool:
    life = moves.lifecycle_of(row)
    return life is not None and "expire" in life.moves and row.status in life.moves["expire"].sources
