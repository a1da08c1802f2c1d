"""Guards that packs name for moves of certificates, slips and vouchers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from app.areas.complaints import operations as complaints
from app.areas.consequences import bounds, proofs, vouchers
from app.areas.consequences.goods_return import EQUAL, OVER
from app.areas.consequences.return_proof import ReturnProof
from app.core import clock
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Step, guard

DISCOUNT, RETURN, TOLERANCE = "（十三）2(5)", "（十三）2(4)", "（十三）2(1)"


@guard("within_decision")
def within_decision(step: Step) -> Iterable[Problem]:
    """A certificate or slip is still within the decision, whatever was written beside it meanwhile."""
    paper: Any = step.whole.record
    complaint = bounds.settled_case(paper.complaint_id)
    if complaint is None or not complaints.is_settled(complaint):
        text = _("Certificates and return slips follow when the complaint is founded and closed.")
        yield Problem(text, "complaint_id", "before_closing", "（十三）1")
    elif "slip_qty" in step.whole.fields:
        yield from bounds.not_above(bounds.returned(complaint, paper.id, paper.slip_qty), "slip_qty")
    else:
        yield from bounds.not_above(bounds.granted(complaint, paper.id, paper.discount_amount), "discount_amount")


@guard("seal_dated")
def seal_dated(step: Step) -> Iterable[Problem]:
    """The customer seals what was signed, and not in the future."""
    day, signed = step.get("customer_sealed_on"), step.whole.get("signed_at")
    if day is not None and signed is not None and not clock.to_local(signed).date() <= day <= clock.today():
        text = _("The customer seals between our signatures and today.")
        yield Problem(text, "customer_sealed_on", "seal_dated", "（十三）1(1)")


@guard("customer_sealed")
def customer_sealed(step: Step) -> Iterable[Problem]:
    """Nothing is posted without the customer's seal."""
    if step.get("customer_sealed_on") is None:
        text = _("The customer has not sealed this certificate; it is not posted without the seal.")
        yield Problem(text, "customer_sealed_on", "discount_without_proof", "（十三）1(1)")


@guard("discount_proven")
def discount_proven(step: Step) -> Iterable[Problem]:
    """Nothing is posted without one of the proofs, with its document."""
    record: Any = step.whole.record
    if record.proof_type is None:
        text = _("There is no proof of the discount yet; it is not posted without one.")
        yield Problem(text, "proof_type", "discount_without_proof", DISCOUNT)
    elif not proofs.has_document("return_certificate", record.id, "proof_file"):
        text = _("The document of the proof is missing.")
        yield Problem(text, "proof_file", "discount_without_proof", DISCOUNT)


@guard("return_proven")
def return_proven(step: Step) -> Iterable[Problem]:
    """A return is posted with exactly one tax proof and its document."""
    proof = session.query(ReturnProof).filter_by(slip_id=step.whole.record.id).first()
    if proof is None:
        text = _("There is no proof of the return yet; it is not posted without one.")
        yield Problem(text, "proof_type", "return_proven", RETURN)
    elif not proofs.has_document("return_proof", proof.id, "file"):
        text = _("The document of the proof is missing.")
        yield Problem(text, "proof_type", "return_proven", RETURN)


@guard("excess_granted", hides=True)
def excess_granted(step: Step) -> Iterable[Problem]:
    """A return above the tolerance is posted only after its petition was granted."""
    if step.get("match_result") == OVER and step.get("excess_granted_at") is None:
        text = _("More came back than the tolerance allows; posting waits until the petition is granted.")
        yield Problem(text, "match_result", "quantity_mismatch", TOLERANCE)


@guard("quantities_equal")
def quantities_equal(step: Step) -> Iterable[Problem]:
    """A policy without tolerance posts only what agrees to the piece."""
    if step.get("match_result") != EQUAL:
        text = _(
            "%(actual)s came back, %(approved)s were approved; posting waits until the decision is corrected by "
            "petition.", actual=_count(step.get("actual_qty")), approved=_count(step.get("approved_qty")),
        )
        yield Problem(text, "actual_qty", "quantity_mismatch", step.move.clause)


def _count(number: int | None) -> str:
    return "—" if number is None else f"{number:,}"


@guard("both_signed")
def both_signed(step: Step) -> Iterable[Problem]:
    """Nothing is posted without our signature and the customer's."""
    for name in ("signed_at", "customer_sealed_on"):
        if step.get(name) is None:
            label = step.whole.fields[name].label
            text = _("“%(field)s” is missing; nothing is posted without both signatures.", field=label)
            yield Problem(text, name, "both_signed", step.move.clause)


@guard("posted_once")
def posted_once(step: Step) -> Iterable[Problem]:
    """A slip or certificate has one voucher in force at most."""
    if (known := vouchers.standing(step.whole.record)) is not None:
        text = _("It is posted already: %(number)s.", number=known.voucher_no)
        yield Problem(text, "voucher_no", "posted_once", step.move.clause)


@guard("no_counter_voucher")
def no_counter_voucher(step: Step) -> Iterable[Problem]:
    """A counter-voucher is not taken back; post the paper again instead."""
    if step.whole.get("reverses_id") is not None:
        text = _("A counter-voucher stays; post the paper again instead.")
        yield Problem(text, "reverses_id", "no_counter_voucher", step.move.clause)


@guard("something_came")
def something_came(step: Step) -> Iterable[Problem]:
    """Nothing is posted when nothing came back."""
    if not step.get("actual_qty"):
        text = _("Nothing came back; there is nothing to post.")
        yield Problem(text, "actual_qty", "something_came", step.move.clause)


@guard("rate_known")
def rate_known(step: Step) -> Iterable[Problem]:
    """A recovery rate is confirmed when something is due beside what is left out."""
    if step.get("rate_percent") is None:
        text = _("Everything due is left out; there is no rate to confirm.")
        yield Problem(text, "receivable_due", "rate_known", step.move.clause)
