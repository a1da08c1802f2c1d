"""Complaints at outlets: guards and effects of packs for the head's signature, head office and the opinion book."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.case_transfer import CaseTransfer
from app.areas.complaints.complaint import Complaint
from app.areas.complaints.complaint_outlet import BANK, UNDECIDED
from app.areas.complaints.complaint_step import ComplaintStep
from app.areas.complaints.corrective_action import CorrectiveAction
from app.areas.complaints.feedback_intake import FeedbackIntake
from app.areas.complaints.opening import number, open_beside
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.moves import Moved, Step, effect, guard
from app.core.wording import N_
from app.engines.notifications import operations as notifications
from app.engines.people import operations as people
from app.engines.people.models import OrgUnit
from app.engines.people.seats import holders_many
from app.engines.policy import operations as policy

SPOKEN = ("visit", "phone")
REPORTED = N_("Complaint %(case)s could not be answered by whoever heard it: %(title)s")


@guard("restated_when_heard")
def restated_when_heard(step: Step) -> Iterable[Problem]:
    """What was told by mouth or telephone was repeated to the customer."""
    if step.get("channel") in SPOKEN and not step.get("restated"):
        text = _("Repeat the main problem to the customer first, so that nothing is misunderstood.")
        yield Problem(text, "restated", "restated_when_heard", step.move.clause)


@guard("agreed_in_time")
def agreed_in_time(step: Step) -> Iterable[Problem]:
    """The time agreed with the customer lies ahead and not beyond the limit of the reply."""
    agreed, limit = step.get("agreed_reply_at"), step.whole.get("due_at")
    if agreed is not None and agreed <= step.at:
        yield Problem(_("The agreed time lies ahead."), "agreed_reply_at", "times_ahead", step.move.clause)
    if agreed is not None and limit is not None and agreed > limit:
        shown = clock.to_local(limit).strftime("%Y-%m-%d %H:%M:%S")
        text = _("The customer is answered by %(limit)s at the latest.", limit=shown)
        yield Problem(text, "agreed_reply_at", "agreed_in_time", step.move.clause)


@guard("fault_decided")
def fault_decided(step: Step) -> Iterable[Problem]:
    """Who is at fault is decided; if it is the house, the apology was made."""
    fault = step.get("fault")
    if fault == UNDECIDED:
        yield Problem(_("Decide first who is at fault."), "fault", "fault_decided", step.move.clause)
    if fault == BANK and step.get("apology_made") is False:
        text = _("Whoever is at fault apologises to the customer before the reply.")
        yield Problem(text, "apology_made", "fault_decided", step.move.clause)


@guard("head_confirmed")
def head_confirmed(step: Step) -> Iterable[Problem]:
    """The head of the outlet confirmed that the case goes beyond it."""
    if step.whole.get("head_confirmed_at") is None:
        text = _("The head of the outlet confirms first that the case goes beyond it.")
        yield Problem(text, "head_confirmed_at", "head_confirmed", step.move.clause)


@guard("letter_copied")
def letter_copied(step: Step) -> Iterable[Problem]:
    """A letter goes on once it is filed and a copy is kept."""
    if step.whole.get("channel") != "letter":
        return
    filed = sa.select(FeedbackIntake.id).where(
        FeedbackIntake.complaint_id == step.whole.record.id, FeedbackIntake.copy_kept.is_(True)
    )
    if session.scalar(filed.limit(1)) is None:
        text = _("File the letter and keep a copy of it before it is sent on.")
        yield Problem(text, None, "letter_copied", step.move.clause)


@guard("head_office_answered")
def head_office_answered(step: Step) -> Iterable[Problem]:
    """Head office has said how the case was handled."""
    if not step.whole.get("head_office_result"):
        text = _("Head office has not yet given its result.")
        yield Problem(text, "head_office_result", "head_office_answered", step.move.clause)


@guard("head_signed")
def head_signed(step: Step) -> Iterable[Problem]:
    """The head of the outlet signed the result."""
    if step.whole.get("head_signed_by_id") is None:
        text = _("The head of the outlet signs the result before the case is closed.")
        yield Problem(text, "head_signed_by_id", "head_signed", step.move.clause)


@guard("customer_replied")
def customer_replied(step: Step) -> Iterable[Problem]:
    """A customer who left a contact is answered before the entry is closed, and not in the future."""
    replied = step.get("replied_at")
    if step.whole.get("contact") and replied is None:
        text = _("The customer left a contact and is answered before the entry is closed.")
        yield Problem(text, "replied_at", "customer_replied", step.move.clause)
    if replied is not None and replied > step.at:
        yield Problem(_("The reply lies in the future."), "replied_at", "not_future", step.move.clause)


@guard("next_entry")
def next_entry(step: Step) -> Iterable[Problem]:
    """The entries of a book are numbered one after the other."""
    record: Any = step.whole.record
    book, entry = step.get("book_no"), step.get("entry_no")
    same = sa.select(sa.func.max(FeedbackIntake.entry_no)).where(
        FeedbackIntake.adopter_id == record.adopter_id, FeedbackIntake.book_no == book,
        FeedbackIntake.intake_no.is_not(None),
    )  # fmt: skip
    due = (session.scalar(same) or 0) + 1
    if book and entry is not None and entry != due:
        text = _("The next entry of book %(book)s is %(due)s.", book=book, due=due)
        yield Problem(text, "entry_no", "next_entry", step.move.clause)


@guard("once_a_day")
def once_a_day(step: Step) -> Iterable[Problem]:
    """The book of an outlet is read once a day; an empty book counts as well."""
    record: Any = step.whole.record
    day = clock.to_local(step.get("checked_at")).date()
    first, after = (clock.from_local(dt.datetime.combine(day + dt.timedelta(days=n), dt.time.min)) for n in (0, 1))
    model: Any = type(record)
    known = sa.select(model.id).where(
        model.target_unit_id == step.get("target_unit_id"), model.kind == record.kind, model.id != record.id,
        model.check_no.is_not(None), model.checked_at >= first, model.checked_at < after,
    )  # fmt: skip
    if session.scalar(known.limit(1)) is not None:
        text = _("The book of this outlet was read on %(day)s already.", day=day.isoformat())
        yield Problem(text, "checked_at", "once_a_day", step.move.clause)


# -- effects ---------------------------------------------------------------------------------------------------------


@effect("show_outlet")
def show_outlet(moved: Moved) -> None:
    """Let the outlet that the matter is about see it."""
    if unit_id := moved.whole.get("outlet_id") or moved.whole.get("place_unit_id"):
        moves.send_to(moved.record, unit_id)


@effect("number_entry", early=True)
def number_entry(moved: Moved) -> None:
    """An entry of a book is numbered by book and entry."""
    row: Any = moved.record
    row.intake_no = f"{moved.whole.get('book_no')}/{moved.whole.get('entry_no')}"
    session.flush()


@effect("tell_unit_head")
def tell_unit_head(moved: Moved) -> None:
    """Tell whoever leads the outlet that the case was handed on."""
    case: Any = moved.record
    pack = policy.pack_for(case.pack_version_id)
    outlet = session.get_one(OrgUnit, moved.whole.get("outlet_id"))
    heads = [f"{case.policy}.{pack.heads.posts[0]}"] if pack.heads else []
    called = [seat.employee_id for seat in holders_many(heads, [outlet.path], clock.to_local(moved.at).date())]
    said = {"case": case.number, "title": case.title}
    clause = moved.move.clause if moved.move else ""
    notifications.notify(f"outlet.handed:{case.id}", called, REPORTED, said, f"/complaint/{case.id}", clause)


@effect("report_above")
def report_above(moved: Moved) -> None:
    """Send the case to the unit whose post decides what no other may, and keep that it was sent."""
    case: Any = moved.record
    unit_id = _above(moved)
    made = open_beside(
        moved, CaseTransfer, case.unit_id, complaint_id=case.id, kind="escalation", to_unit_id=unit_id,
        from_unit_id=moved.whole.get("outlet_id") or case.unit_id, reason=moved.whole.get("beyond_reason"),
        sent_at=moved.at, sent_by_id=moved.employee_id,
    )  # fmt: skip
    number(made.record, moved.at)


@effect("show_above")
def show_above(moved: Moved) -> None:
    """Let the unit see the row whose post decides what no other may."""
    _above(moved)


def _above(moved: Moved) -> int:
    """The unit of the highest post of the policy's authority, which sees the row from now on."""
    record: Any = moved.record
    tables = policy.pack_for(record.pack_version_id).authority
    posts = [f"{record.policy}.{table.bands[-1].post}" for table in tables.values()]
    found = next((unit for post in posts if (unit := people.unit_of_post(post, moved.lifecycle.within))), None)
    if found is None:
        raise Refusal(Problem(_("Nobody above holds the post that decides this."), None, "report_above"))
    moves.send_to(record, found)
    return found


@effect("note_tracking")
def note_tracking(moved: Moved) -> None:
    """Keep what was learnt of a case that was sent on as a step of the case."""
    row: Any = moved.record
    case = session.get_one(Complaint, row.complaint_id)
    open_beside(
        moved, ComplaintStep, case.unit_id, complaint_id=case.id, kind="escalation", happened_at=moved.at,
        by_id=moved.employee_id, text=moved.whole.get("checked_facts"),
    )  # fmt: skip


@effect("tell_result")
def tell_result(moved: Moved) -> None:
    """The case learns what was done above."""
    row: Any = moved.record
    whole = moves.whole_of(session.get_one(Complaint, row.complaint_id))
    whole.update({"head_office_result": moved.whole.get("work_done")})
    whole.save()


@effect("open_rectification")
def open_rectification(moved: Moved) -> None:
    """Open the follow-up of the measure when the house was at fault."""
    case: Any = moved.record
    if moved.whole.get("fault") != BANK or not moved.whole.get("corrective_measure"):
        return
    due: dt.date = moved.whole.get("rectify_by") or clock.to_local(moved.at).date()
    open_beside(
        moved, CorrectiveAction, case.unit_id, complaint_id=case.id, measure=moved.whole.get("corrective_measure"),
        owner_unit_id=moved.whole.get("outlet_id") or case.unit_id, due_on=due,
    )  # fmt: skip
