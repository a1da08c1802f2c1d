"""What every save of these registers must obey, whatever the policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import gettext as _

from app.areas.complaints.complaint import Complaint
from app.core import access, clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import whole_of
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole

REPLY_CLAUSE = "（九）11"


@check("complaint_pcb")
def quantities_agree(draft: Draft) -> Iterable[Problem]:
    """Not more defective than shipped; an unknown return quantity stays empty; nothing ships in the future."""
    shipped, defective = draft.get("shipped_qty"), draft.get("defective_qty")
    if shipped is not None and defective is not None and defective > shipped:
        text = _(
            "Defective quantity %(bad)s is more than the shipped %(all)s.", bad=f"{defective:,}", all=f"{shipped:,}"
        )
        yield Problem(text, "defective_qty", "not_above", "（九）1")
    if draft.get("return_qty_undetermined") and draft.get("return_qty_requested") is not None:
        text = _("The quantity is marked as not yet known; leave the number empty.")
        yield Problem(text, "return_qty_requested", "empty", "（九）1")
    if (day := draft.get("shipped_on")) and day > clock.today():
        yield Problem(_("The shipment lies in the future."), "shipped_on", "not_future", "（九）1")
    for name, clause in (("return_qty_requested", "（九）1"), ("approved_return_qty", "（十三）2")):
        if shipped is not None and (back := draft.get(name)) is not None and back > shipped:
            text = _("%(back)s is more than the shipped %(all)s.", back=f"{back:,}", all=f"{shipped:,}")
            yield Problem(text, name, "not_above", clause)


@check("complaint_pcb")
def produced_before_shipped(draft: Draft) -> Iterable[Problem]:
    """Goods are produced before they ship."""
    produced, shipped = draft.get("produced_on"), draft.get("shipped_on")
    if produced and shipped and produced > shipped:
        yield Problem(_("The goods were shipped before this production day."), "produced_on", "not_after", "（九）4")


@check("complaint")
def collected_in_the_past(draft: Draft) -> Iterable[Problem]:
    """Money is collected once it is there."""
    if (day := draft.get("collected_on")) and day > clock.today():
        yield Problem(_("The day of collection lies in the future."), "collected_on", "not_future", "（九）14")


@check("complaint")
def collected_after_receipt(draft: Draft) -> Iterable[Problem]:
    """Nothing is collected, nor due, before the day on which the complaint was received."""
    received = draft.get("accepted_at") or draft.get("submitted_at")
    for name in ("collection_due_on", "collected_on"):
        if received and (day := draft.get(name)) and day < clock.to_local(received).date():
            label = draft.whole.fields[name].label
            yield Problem(_("%(field)s: the day lies before the receipt.", field=label), name, "not_before", "（九）14")


@check("customer_reply")
def reply_stays_within_decision(draft: Draft) -> Iterable[Problem]:
    """A reply follows a decision and promises no more than it (no answer beyond the authority)."""
    complaint = session.get(Complaint, draft.get("complaint_id") or 0)
    if complaint is None:
        return
    if complaint.decided_at is None:
        text = _("Nothing may be answered before the case is decided.")
        yield Problem(text, "complaint_id", "decided_first", REPLY_CLAUSE)
        return
    yield from _promises(draft, complaint)
    if (told := draft.get("replied_at")) and not complaint.decided_at <= told <= clock.now():
        text = _("The reply lies between the decision and now.")
        yield Problem(text, "replied_at", "after_decision", REPLY_CLAUSE)


def _promises(draft: Draft, complaint: Complaint) -> Iterable[Problem]:

    decided = complaint.decided_amount or 0
    if (draft.get("promised_amount") or 0) > decided:
        text = _("The decision allows %(limit)s yuan at most.", limit=f"{decided:,.2f}")
        yield Problem(text, "promised_amount", "within_decision", REPLY_CLAUSE)
    allowed = whole_of(complaint).get("approved_return_qty") or 0
    if (draft.get("promised_return_qty") or 0) > allowed:
        text = _("The decision allows %(limit)s pieces at most.", limit=f"{allowed:,}")
        yield Problem(text, "promised_return_qty", "within_decision", REPLY_CLAUSE)


@check("sample")
def sample_received_in_the_past(draft: Draft) -> Iterable[Problem]:
    """A sample is logged once it is there."""
    if (at := draft.get("received_at")) and at > clock.now():
        yield Problem(_("The sample cannot arrive in the future."), "received_at", "not_future", "（九）1")


@check("anomaly_slip")
def slip_means_no_loss(draft: Draft) -> Iterable[Problem]:
    """A loss needs a complaint form."""
    if draft.get("loss_caused"):
        text = _("A loss was caused: fill a complaint form instead of an anomaly slip.")
        yield Problem(text, "loss_caused", "no_loss", "（三）")
    handled, improved = draft.get("handled_on"), draft.get("improved_on")
    if handled and handled > clock.today():
        yield Problem(_("This day lies in the future."), "handled_on", "not_future", "（三）")
    if improved and (improved > clock.today() or (handled and improved < handled)):
        text = _("The improvement lies between the day of handling and today.")
        yield Problem(text, "improved_on", "between", "（三）")


@check("written_report")
def report_is_about_something(draft: Draft) -> Iterable[Problem]:
    """A report names its case or its visit, and an investigation that has happened."""
    if draft.get("complaint_id") is None and draft.get("visit_id") is None:
        yield Problem(_("Name the complaint or the urgent visit."), "complaint_id", "one_of", "（九）3")
    if (day := draft.get("investigated_on")) and day > clock.today():
        yield Problem(_("The investigation lies in the future."), "investigated_on", "not_future", "（九）3")


@check("urgent_visit")
def visit_has_its_people(draft: Draft) -> Iterable[Problem]:
    """Quality names its person when it can attend; reports are not from the future."""
    if draft.get("qc_can_attend") and draft.get("qc_person_id") is None:
        yield Problem(_("Name the quality person who attends."), "qc_person_id", "required", "（九）2")
    if (at := draft.get("reported_at")) and at > clock.now():
        yield Problem(_("The customer's report lies in the future."), "reported_at", "not_future", "（九）2")
    yield from _in_order(draft)


def _in_order(draft: Draft) -> Iterable[Problem]:
    """Reported by the customer, visited, reported to the general manager; about that customer's complaint."""
    reported, visited, told = (draft.get(name) for name in ("reported_at", "visited_at", "report_to_gm_at"))
    if visited and not (reported or visited) <= visited <= clock.now():
        text = _("The visit lies between the customer's report and now.")
        yield Problem(text, "visited_at", "between", "（九）2")
    if told and not (visited or told) <= told <= clock.now():
        text = _("The report to the general manager lies between the visit and now.")
        yield Problem(text, "report_to_gm_at", "between", "（九）2")
    complaint = session.get(Complaint, draft.get("complaint_id") or 0)
    if complaint is None and draft.get("customer_id") is None and not _types_the_customer(draft.whole.record):
        yield Problem(_("Name the complaint."), "complaint_id", "required", "（九）2")
    if complaint is not None and draft.get("customer_id") not in (None, complaint.customer_id):
        text = _("The complaint is that of another customer.")
        yield Problem(text, "complaint_id", "same_customer", "（九）2")


def _types_the_customer(visit: Any) -> bool:
    """Whether the policy asks for the customer of a visit; else he is that of its complaint."""
    life = moves.lifecycle_of(visit)
    return life is not None and "customer_id" in life.states[visit.status].editable


@before_create("urgent_visit")
def customer_of_the_complaint(whole: Whole) -> None:
    """A visit about a complaint goes to its customer."""
    record: Any = whole.record
    complaint = session.get(Complaint, record.complaint_id or 0)
    if record.customer_id is None and complaint is not None:
        record.customer_id = complaint.customer_id


@check("corrective_action")
def improvement_lies_ahead(draft: Draft) -> Iterable[Problem]:
    """A new limit of an improvement is not past already."""
    day = draft.values.get("due_on")
    if day is not None and day < clock.today() and day != draft.whole.get("due_on"):
        yield Problem(_("The limit lies in the past."), "due_on", "not_past", "（七）3(5)")


def _me(name: str) -> Callable[[Whole], None]:
    def fill(whole: Whole) -> None:
        whole.update({name: access.current().employee_id})

    return fill


for _slug, _field in (
    ("customer_reply", "replied_by_id"),
    ("written_report", "author_id"),
    ("urgent_visit", "reported_by_id"),
):
    before_create(_slug)(_me(_field))
