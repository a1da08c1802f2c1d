"""Guards that packs name for moves of complaints and of the registers beside them."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.complaint import Complaint
from app.areas.complaints.customer_reply import CustomerReply
from app.areas.complaints.petition import Petition
from app.core import clock
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Step, guard

SETTLED = "decided"


@guard("sample_or_reason")
def sample_or_reason(step: Step) -> Iterable[Problem]:
    """A sample is attached, or the reason of the complaint is written."""
    if not step.get("sample_attached") and not step.get("complaint_reason"):
        text = _("Attach the sample or write the reason of the complaint.")
        yield Problem(text, "complaint_reason", "sample_or_reason", step.move.clause)


@guard("within_authority")
def within_authority(step: Step) -> Iterable[Problem]:
    """The decided amount is not above the amount that fixed the decider."""
    decided, limit = step.get("decided_amount"), step.get("authority_amount")
    if decided is not None and limit is not None and decided > limit:
        text = _(
            "%(decided)s yuan is more than the %(limit)s yuan that this decision was routed for; "
            "raise the proposed settlement first, so that the right post decides.",
            decided=f"{decided:,.2f}", limit=f"{limit:,.2f}",
        )
        yield Problem(text, "decided_amount", "within_authority", step.move.clause)


@guard("return_quantity_decided")
def return_quantity_decided(step: Step) -> Iterable[Problem]:
    """A demanded return or exchange has its approved quantity before the case is closed."""
    demanded = {"return", "exchange"} & set(step.get("customer_demand") or ()) or step.get("return_qty_undetermined")
    if demanded and step.get("founded") and step.get("approved_return_qty") is None:
        text = _("The customer wants to return goods: write the approved return quantity, zero included.")
        yield Problem(text, "approved_return_qty", "return_quantity_decided", step.move.clause)


@guard("reply_recorded")
def reply_recorded(step: Step) -> Iterable[Problem]:
    """A reply to the customer was recorded after the decision."""
    since = step.whole.get("decided_at")
    told = sa.select(CustomerReply.id).where(CustomerReply.complaint_id == step.whole.record.id)
    if session.scalar(told.where(CustomerReply.replied_at >= since) if since else told) is None:
        text = _("Record first what was told to the customer after the decision.")
        yield Problem(text, None, "reply_recorded", step.move.clause)


@guard("collected_or_settled")
def collected_or_settled(step: Step) -> Iterable[Problem]:
    """The receivable was collected, or a petition on the dispute was decided."""
    if step.get("collected_on") is not None:
        return
    settled = sa.select(Petition.id).where(
        Petition.complaint_id == step.whole.record.id, Petition.kind == "unfounded_dispute", Petition.status == SETTLED
    )
    if session.scalar(settled) is None:
        text = _("Write the day of collection, or have the customer's objection settled by a petition.")
        yield Problem(text, "collected_on", "collected_or_settled", step.move.clause)


@guard("no_loss")
def no_loss(step: Step) -> Iterable[Problem]:
    """An anomaly slip says that no loss was caused."""
    if step.get("loss_caused"):
        text = _("A loss was caused: fill a complaint form instead of an anomaly slip.")
        yield Problem(text, "loss_caused", "no_loss", step.move.clause)


@guard("effect_seen")
def effect_seen(step: Step) -> Iterable[Problem]:
    """A tracked measure has a result before its effect is confirmed."""
    if not step.get("progress"):
        text = _("Write the result of the measure before its effect is confirmed.")
        yield Problem(text, "progress", "effect_seen", step.move.clause)


@guard("decider_not_owner")
def decider_not_owner(step: Step) -> Iterable[Problem]:
    """Nobody decides the case that he brought himself."""
    owner = step.whole.get("owner_id")
    if owner is not None and owner == step.access.employee_id:
        text = _("You brought this case yourself; somebody else with the post, or a deputy, decides it.")
        yield Problem(text, None, "separation_of_duties", step.move.clause)


@guard("collection_day_when_unfounded")
def collection_day_when_unfounded(step: Step) -> Iterable[Problem]:
    """An unfounded complaint names the day by which the receivable is collected."""
    day = step.get("collection_due_on")
    if step.get("founded") is False and day is None:
        text = _("The complaint is not founded: write the day by which the receivable is collected.")
        yield Problem(text, "collection_due_on", "required", "（九）14")
    if day is not None and day < clock.to_local(step.at).date():
        yield Problem(_("The day of collection is already past."), "collection_due_on", "not_past", "（九）14")


@guard("petition_fits_case")
def petition_fits_case(step: Step) -> Iterable[Problem]:
    """An objection is to a decision that was made; a dispute about collection is about an unfounded case still open."""
    case = session.get(Complaint, step.get("complaint_id") or 0)
    if case is None:
        return
    if step.get("kind") == "objection" and case.decided_at is None:
        text = _("There is no decision yet to object to.")
        yield Problem(text, "complaint_id", "decided_first", "（九）12")
    if step.get("kind") == "unfounded_dispute" and (case.founded is not False or case.closed_at is not None):
        text = _("Only a complaint that was found unfounded and is still open is disputed so.")
        yield Problem(text, "complaint_id", "unfounded", "（九）14")


@guard("addressed_unit")
def addressed_unit(step: Step) -> Iterable[Problem]:
    """The improvement is written in a unit that the slip was sent to."""
    units = set(step.get("notified_units") or ())
    codes = [f"{step.lifecycle.policy}.{post}" for post in step.move.posts]
    if not any(post.unit_id in units and post.code in codes for post in step.access.posts):
        text = _("The units that the slip names write their improvement themselves.")
        yield Problem(text, None, "addressed_unit", step.move.clause)


@guard("amount_rises")
def amount_rises(step: Step) -> Iterable[Problem]:
    """A decided case is decided again only when the settlement rises above the amount that was decided."""
    proposed, known = step.get("proposed_settlement_amount"), step.whole.get("authority_amount")
    if proposed is not None and known is not None and proposed <= known:
        text = _("The new settlement is not above the %(known)s yuan already decided.", known=f"{known:,.2f}")
        yield Problem(text, "proposed_settlement_amount", "amount_rises", step.move.clause)
