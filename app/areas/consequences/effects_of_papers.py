"""Effects that packs name for moves of certificates, slips and vouchers."""

from __future__ import annotations

from typing import Any

from app.areas.consequences import bounds, matching, vouchers
from app.core import moves
from app.core.db import session
from app.core.moves import Moved, effect
from app.core.wording import N_
from app.engines.audit import operations as audit
from app.engines.people import operations as people

CORRECTED = N_("Approved return quantity corrected by petition on slip %(slip)s: %(new)s instead of %(old)s")


@effect("show_to_books", early=True)
def show_to_books(moved: Moved) -> None:
    """Let the post that will post a paper see it from now on."""
    poster = moved.lifecycle.moves["post"].posts[0]
    unit_id = people.unit_of_post(f"{moved.lifecycle.policy}.{poster}", moved.lifecycle.within)
    if unit_id is not None:
        moves.send_to(moved.record, unit_id)
        session.flush()


@effect("compare_count", early=True)
def compare_count(moved: Moved) -> None:
    """Whether the warehouse counted what the slip says; the way goes on by that."""
    slip: Any = moved.record
    slip.differs = slip.actual_qty != slip.slip_qty
    session.flush()


@effect("match_count", early=True)
def match_count(moved: Moved) -> None:
    """Match the quantity signed for with the approved one; slips of one case are matched one after the other."""
    slip: Any = moved.record
    bounds.settled_case(slip.complaint_id)
    matching.match(slip)


@effect("forget_count", early=True)
def forget_count(moved: Moved) -> None:
    """Count again: nothing of the last count stays."""
    slip: Any = moved.record
    for name in ("actual_qty", "differs", "received_by_id", "received_at", "match_result", "match_basis",
                 "tolerance_percent", "return_amount"):  # fmt: skip
        setattr(slip, name, None)
    session.flush()


@effect("correct_decision", early=True)
def correct_decision(moved: Moved) -> None:
    """A petition that was granted makes the quantity that came back the decided one; the slip is matched anew."""
    slip: Any = moved.record
    complaint = bounds.settled_case(slip.complaint_id)
    said = {"slip": slip.slip_no, "old": slip.approved_qty, "new": slip.actual_qty}
    moves.whole_of(complaint).update({"approved_return_qty": slip.actual_qty})
    slip.approved_qty = slip.slip_qty = slip.actual_qty
    matching.match(slip)
    audit.note(complaint, "act", CORRECTED, said, moved.move.clause if moved.move else "")


@effect("post_voucher", early=True)
def post_voucher(moved: Moved) -> None:
    """Make the voucher of the paper that is posted."""
    vouchers.post(moved.record)


@effect("counter_voucher")
def counter_voucher(moved: Moved) -> None:
    """Make the counter-voucher of a voucher that is taken back."""
    vouchers.reverse(moved.record, moved.reason)
