"""Visits and complaints of an estate: who hears of a complaint about staff, and what residents are promised."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from app.areas.complaints.customer_opinion import VERDICTS
from app.core import clock
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.core.wording import N_
from app.engines.notifications import operations as notifications
from app.engines.people.seats import holders_many
from app.engines.policy import operations as policy

ABOUT_STAFF = N_("Complaint %(case)s is about a member of staff: %(title)s")
TAKEN_UP = tuple(verdict for verdict in VERDICTS if verdict in ("yes", "plan"))


@effect("tell_head_of_staff")
def tell_head_of_staff(moved: Moved) -> None:
    """Whoever leads the office hears at once of a complaint about a member of staff."""
    case: Any = moved.record
    heads = policy.pack_for(case.pack_version_id).heads
    if moved.whole.get("about_person_id") is None or heads is None:
        return
    day = clock.to_local(moved.at).date()
    seats = holders_many([f"{case.policy}.{heads.posts[0]}"], [moved.lifecycle.within], day)
    clause = moved.move.clause if moved.move else ""
    said = {"case": case.number or f"#{case.id}", "title": case.title}
    event, url = f"complaint.about_staff:{case.id}", f"/complaint/{case.id}"
    notifications.notify(event, [seat.employee_id for seat in seats], ABOUT_STAFF, said, url, clause)


def _ahead(step: Step, name: str) -> Iterable[Problem]:
    if name in step.values and (at := step.get(name)) is not None and at <= step.at:
        yield Problem(_("The promised time lies ahead."), name, "times_ahead", step.move.clause)


@guard("reply_lies_ahead")
def reply_lies_ahead(step: Step) -> Iterable[Problem]:
    """A time that the resident is promised now lies ahead."""
    yield from _ahead(step, "promised_reply_at")


@guard("answer_lies_ahead")
def answer_lies_ahead(step: Step) -> Iterable[Problem]:
    """What could not be answered at a visit is promised for a time that lies ahead."""
    yield from _ahead(step, "promised_at")


@guard("adopted_or_planned")
def adopted_or_planned(step: Step) -> Iterable[Problem]:
    """A suggestion that is taken up is adopted, or leads to a plan."""
    if step.get("adopted") not in (None, *TAKEN_UP):
        text = _("Adopt the suggestion or have a plan drawn up; else reject it with the reason.")
        yield Problem(text, "adopted", "adopted_or_planned", step.move.clause)


@guard("published_by_now")
def published_by_now(step: Step) -> Iterable[Problem]:
    """What is published was published by today."""
    if (day := step.get("published_on")) is not None and day > clock.to_local(step.at).date():
        yield Problem(_("This day lies in the future."), "published_on", "not_future", step.move.clause)
