"""What every save of certificates, slips and proofs must obey."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints import operations as complaints
from app.areas.consequences import bounds, proofs
from app.areas.consequences.goods_return import GoodsReturn
from app.areas.consequences.return_proof import COPY, ReturnProof
from app.areas.consequences.return_tolerance import ReturnTolerance
from app.core import access, clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.ripples import after_change
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole

CLOSED, DISCOUNT, RETURN, TOLERANCE = "（十三）1", "（十三）2(5)", "（十三）2(4)", "（十三）2(1)"


def _closed_case(draft: Draft) -> Iterable[Problem]:
    """Papers follow a founded complaint that is closed."""
    complaint = bounds.settled_case(draft.get("complaint_id"))
    if complaint is not None and not complaints.is_settled(complaint):
        text = _("Certificates and return slips follow when the complaint is founded and closed.")
        yield Problem(text, "complaint_id", "before_closing", CLOSED)


@check("return_certificate")
def certificate_stays_within_the_decision(draft: Draft) -> Iterable[Problem]:
    """Of a closed case, and with all its other certificates not above the decision."""
    yield from _closed_case(draft)
    complaint, amount = complaints.complaint_of(draft.get("complaint_id")), draft.get("discount_amount")
    voided = draft.whole.get("status") == bounds.VOID
    if complaint is not None and complaints.is_settled(complaint) and amount is not None and not voided:
        measured = bounds.granted(complaint, draft.whole.record.id, amount)
        yield from bounds.not_above(measured, "discount_amount")


@check("return_certificate")
def discount_has_an_allowed_proof(draft: Draft) -> Iterable[Problem]:
    """One of the proofs that the pack names; a sealed copy says what is really received."""
    proof, record = draft.get("proof_type"), draft.whole.record
    if proof is not None and proof not in proofs.of_discount(record):
        text = _("This proof is not taken for a discount.")
        yield Problem(text, "proof_type", "proofs", DISCOUNT)
    if proof == COPY and draft.get("net_amount") is None:
        yield Problem(_("A sealed copy says what is really received."), "net_amount", "net_figures", DISCOUNT)
    day = draft.get("customer_sealed_on")
    if day is not None and day > clock.today():
        yield Problem(_("The seal lies in the future."), "customer_sealed_on", "not_future", "（十三）1(1)")


@before_create("return_certificate")
@before_create("goods_return")
def belongs_to_sales(whole: Whole) -> None:
    """A paper that the case's own person draws up belongs to him, another to its writer; who wrote it is kept."""
    record: Any = whole.record
    complaint, life = complaints.complaint_of(record.complaint_id), moves.lifecycle_of(record)
    holder = life.states[life.start].holder if life else None
    if complaint is not None and holder is not None and holder.owner:
        record.unit_id, record.owner_id = complaint.unit_id, complaint.owner_id
    if "issued_by_id" in whole.fields:
        record.issued_by_id = access.current().employee_id


@check("goods_return")
def slip_stays_within_the_decision(draft: Draft) -> Iterable[Problem]:
    """Of a closed case, and with all its other slips not above the approved quantity."""
    yield from _closed_case(draft)
    complaint, quantity = complaints.complaint_of(draft.get("complaint_id")), draft.get("slip_qty")
    voided = draft.whole.get("status") == bounds.VOID
    if complaint is not None and complaints.is_settled(complaint) and quantity is not None and not voided:
        yield from bounds.not_above(bounds.returned(complaint, draft.whole.record.id, quantity), "slip_qty")


@after_change("return_certificate")
def number_certificate(certificate: Any) -> None:
    """A certificate has its number from the beginning."""
    complaints.give_number(certificate, clock.now())


@after_change("goods_return")
def complete_slip(slip: Any) -> None:
    """A slip has its number, and order, part and approved quantity from the complaint."""
    complaint = complaints.complaint_of(slip.complaint_id)
    if complaint is not None:
        whole = moves.whole_of(complaint)
        slip.order_no, slip.part_no = whole.get("order_no"), whole.get("part_no")
        slip.approved_qty = bounds.approved_qty(complaint)
    complaints.give_number(slip, clock.now())
    session.flush()


# -- proofs ------------------------------------------------------------------------------------------------------------


@check("return_proof")
def proof_fits_its_slip(draft: Draft) -> Iterable[Problem]:
    """One sealed proof of the quantity that really came back, while the slip is not posted."""
    slip = session.get(GoodsReturn, draft.get("slip_id") or 0)
    if slip is None:
        return
    if slip.received_at is None:
        yield Problem(_("The goods are not received yet."), "slip_id", "received_first", RETURN)
    if slip.voucher_no is not None:
        yield Problem(_("The slip is posted; its proof stays as it is."), "slip_id", "posted", RETURN)
    yield from _one_proof(draft, slip)
    if (quantity := draft.get("returned_qty")) is not None and quantity != slip.actual_qty:
        text = _("The warehouse signed for %(number)s pieces.", number=f"{slip.actual_qty or 0:,}")
        yield Problem(text, "returned_qty", "actual_quantity", RETURN)
    if not draft.get("buyer_seal"):
        yield Problem(_("A proof carries the buyer's invoice seal."), "buyer_seal", "sealed", RETURN)
    yield from _net_figures(draft)


def _one_proof(draft: Draft, slip: GoodsReturn) -> Iterable[Problem]:
    known = session.scalar(sa.select(ReturnProof.id).filter_by(slip_id=slip.id))
    if known is not None and known != draft.whole.record.id:
        text = _("This return has its proof already; there is exactly one.")
        yield Problem(text, "slip_id", "exactly_one", RETURN)
    proof = draft.get("proof_type")
    if proof is not None and proof not in proofs.of_return(slip):
        yield Problem(_("This proof is not taken for a return."), "proof_type", "proofs", RETURN)


def _net_figures(draft: Draft) -> Iterable[Problem]:
    if draft.get("proof_type") != COPY:
        return
    for name in ("net_qty", "net_amount"):
        if draft.get(name) is None:
            label = draft.whole.fields[name].label
            text = _("A sealed copy needs “%(field)s”.", field=label)
            yield Problem(text, name, "net_figures", RETURN)


@after_change("return_proof")
def complete_proof(proof: Any) -> None:
    """A proof has the price of its slip, is with accounting at once, and shows on the slip."""
    slip = session.get_one(GoodsReturn, proof.slip_id)
    proof.unit_price, proof.returned_amount = slip.unit_price, slip.unit_price * proof.returned_qty
    proof.sent_to_accounting_at = proof.sent_to_accounting_at or clock.now()
    slip.proof_type = proof.proof_type
    session.flush()


# -- tolerances --------------------------------------------------------------------------------------------------------


@check("return_tolerance")
def one_ratio_a_day(draft: Draft) -> Iterable[Problem]:
    """One ratio for a customer or an order from one day on."""
    rows = ReturnTolerance
    same = sa.select(rows.id).where(
        rows.customer_id == draft.get("customer_id"), rows.valid_from == draft.get("valid_from"),
        rows.order_no == draft.get("order_no") if draft.get("order_no") else rows.order_no.is_(None),
    )  # fmt: skip
    found = session.scalar(same)
    if found is not None and found != draft.whole.record.id:
        yield Problem(_("There is a ratio from this day on already."), "valid_from", "unique", TOLERANCE)
