"""What every save of a complaint of a shop must obey, and the steps around promises and second complaints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.complaint import Complaint
from app.areas.complaints.complaint_retail import ComplaintRetail
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.core.saving import Draft, check
from app.engines.deadlines import operations as deadlines
from app.engines.policy import operations as policy

DATA = "三.1"


@check("complaint_retail")
def delivery_agrees(draft: Draft) -> Iterable[Problem]:
    """Not more defective than was delivered; nothing is delivered, answered or promised in the future."""
    whole, bad = draft.get("quantity"), draft.get("defective_qty")
    if whole is not None and bad is not None and bad > whole:
        text = _("%(back)s is more than the shipped %(all)s.", back=f"{bad:,}", all=f"{whole:,}")
        yield Problem(text, "defective_qty", "not_above", DATA)
    if (day := draft.get("delivered_on")) and day > clock.today():
        yield Problem(_("This day lies in the future."), "delivered_on", "not_future", DATA)
    for name in ("branch_called_at", "first_reply_at", "promise_told_at", "discussed_at"):
        if (at := draft.get(name)) and at > clock.now():
            yield Problem(_("This lies in the future."), name, "not_future", DATA)


@check("customer_reply")
def within_the_instruction(draft: Draft) -> Iterable[Problem]:
    """Whoever answers for a shop says that the answer keeps to the signed form."""
    case = session.get(Complaint, draft.get("complaint_id") or 0)
    if case is None or draft.whole.record.id or session.get(ComplaintRetail, case.id) is None:
        return
    if case.decided_at is not None and not draft.get("within_instruction"):
        text = _("Answer only what the signed form instructs, and tick that you did.")
        yield Problem(text, "within_instruction", "within_instruction", "三.5")


@check("feedback_intake")
def entry_becomes_its_case(draft: Draft) -> Iterable[Problem]:
    """What a book entry is linked to was not received before the entry was written."""
    case = session.get(Complaint, draft.get("complaint_id") or 0)
    at = draft.get("received_at")
    if draft.get("kind") == "book" and case is not None and case.closed_at and at and case.closed_at < at:
        text = _("This complaint was closed before the entry was written.")
        yield Problem(text, "complaint_id", "not_closed_before", "五.1")


@guard("promise_follows_answer")
def promise_follows_answer(step: Step) -> Iterable[Problem]:
    """The promise was told after the first answer was refused."""
    told, answered = step.get("promise_told_at"), step.get("first_reply_at")
    if told and answered and told < answered:
        text = _("The promise follows the first answer.")
        yield Problem(text, "promise_told_at", "after_reply", step.move.clause)


@guard("discussed_by_now")
def discussed_by_now(step: Step) -> Iterable[Problem]:
    """The remedy was discussed after marketing accepted the case."""
    at, since = step.get("discussed_at"), step.whole.get("marketing_accepted_at")
    if at and since and at < since:
        text = _("The discussion lies between the acceptance and now.")
        yield Problem(text, "discussed_at", "after_acceptance", step.move.clause)


@guard("overrun_reported")
def overrun_reported(step: Step) -> Iterable[Problem]:
    """Whoever hands a case on late reports on the overrun."""
    case: Any = step.whole.record
    late = [row for row in deadlines.open_clocks(case.__tablename__, case.id) if row.due_at and row.due_at < step.at]
    if late and not step.get("overrun_report"):
        text = _("A limit is past: report on the overrun.")
        yield Problem(text, "overrun_report", "overrun_reported", step.move.clause)


@guard("amount_as_agreed")
def amount_as_agreed(step: Step) -> Iterable[Problem]:
    """What is signed is not more than what was agreed with the customer."""
    decided, agreed = step.get("decided_amount") or 0, step.get("compensation_amount") or 0
    if decided > agreed:
        said = f"{agreed:,.2f}"
        text = _("The remedy agreed upon is %(agreed)s yuan; send the form back to agree on more.", agreed=said)
        yield Problem(text, "decided_amount", "amount_as_agreed", step.move.clause)


def watch_earlier_limit(moved: Moved) -> None:
    """The watch date is the earlier of the promise and of the limit of the case."""
    if moved.lifecycle.detail != ComplaintRetail.__tablename__:
        return
    limits = [at for name in ("promise_due_at", "due_at") if (at := moved.whole.get(name))]
    moved.whole.update({"watch_at": min(limits, default=None)})
    moved.whole.save()


@effect("look_for_earlier")
def look_for_earlier(moved: Moved) -> None:
    """A complaint of the same customer about the same order or product not long ago is proposed as the earlier one."""
    if (found := _earlier(moved)) is not None:
        moved.whole.update({"repeat_of_id": found, "repeat_proposed": True})
        moved.whole.save()


def _earlier(moved: Moved) -> int | None:
    case: Any = moved.record
    pack = policy.pack_for(case.pack_version_id)
    day = clock.to_local(moved.at).date()
    days = policy.settings_for(pack, case.adopter_id, day).value("repeat_days")
    same = [
        getattr(ComplaintRetail, name) == value
        for name in ("order_no", "product") if (value := moved.whole.get(name))
    ]  # fmt: skip
    if case.customer_id is None or not same:
        return None
    known = sa.select(Complaint.id).join(ComplaintRetail, ComplaintRetail.id == Complaint.id).where(
        Complaint.adopter_id == case.adopter_id, Complaint.customer_id == case.customer_id, Complaint.id != case.id,
        Complaint.received_at >= moved.at - dt.timedelta(days=int(days)), sa.or_(*same),
    )  # fmt: skip
    return session.scalar(known.order_by(Complaint.id.desc()))


moves.on_moved(watch_earlier_limit, order=40)
