"""Posting a slip or a certificate exactly once, and the counter-voucher that is the only way back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.areas.consequences.accounting_voucher import AccountingVoucher
from app.areas.consequences.goods_return import GoodsReturn
from app.areas.consequences.opening import open_case
from app.areas.consequences.return_certificate import ReturnCertificate
from app.core import access, clock, moves
from app.core.db import session
from app.engines.calculating.operations import amount_of
from app.engines.people import operations as people


def post(source: Any) -> AccountingVoucher:
    """The voucher of a slip, on its actual quantity, or of a certificate; the source is locked by its step."""
    values: dict[str, Any]
    if isinstance(source, GoodsReturn):
        found = amount_of(source, "return_amount", {"actual_qty": source.actual_qty, "unit_price": source.unit_price})
        values = {"source_slip_id": source.id, "quantity": source.actual_qty}
    else:
        found = amount_of(source, "discount_posting", {"discount_amount": source.discount_amount})
        values = {"source_certificate_id": source.id}
    voucher = _open(source, amount=found.amount, basis={"text": found.text, "clause": found.clause}, **values)
    source.voucher_no = voucher.voucher_no
    session.flush()
    return voucher


def _open(like: Any, **values: Any) -> AccountingVoucher:
    person = access.current().employee_id
    holder = moves.lifecycle_of(like)
    assert holder is not None
    books = people.unit_of_post(f"{like.policy}.{_poster(like)}", holder.within) or like.adopter_id
    made: AccountingVoucher = open_case(
        AccountingVoucher, like, books, owner_id=person, posted_by_id=person, posted_on=clock.today(), **values
    )
    return made


def _poster(like: Any) -> str:
    """The post that posts: it stands in the step of the pack."""
    life = moves.lifecycle_of(like)
    assert life is not None
    return life.moves["reverse" if isinstance(like, AccountingVoucher) else "post"].posts[0]


def reverse(voucher: Any, reason: str) -> AccountingVoucher:
    """Take a voucher back: a counter-voucher over the same sums below zero, and the source may be posted again."""
    source = source_of(voucher)
    session.refresh(source, with_for_update=True)
    voucher.in_force = False
    session.flush()
    counter = _open(
        voucher, source_slip_id=voucher.source_slip_id, source_certificate_id=voucher.source_certificate_id,
        quantity=-voucher.quantity if voucher.quantity is not None else None, amount=-voucher.amount,
        basis=voucher.basis, reverses_id=voucher.id, reversal_reason=reason, in_force=False,
    )  # fmt: skip
    source.voucher_no = None
    session.flush()
    moves.move(source, "unpost", as_system=True)
    return counter


def source_of(voucher: Any) -> Any:
    """The slip or certificate behind a voucher."""
    if voucher.source_slip_id is not None:
        return session.get_one(GoodsReturn, voucher.source_slip_id)
    return session.get_one(ReturnCertificate, voucher.source_certificate_id)


def standing(source: Any) -> AccountingVoucher | None:
    """The voucher in force of a source."""
    name = "source_slip_id" if isinstance(source, GoodsReturn) else "source_certificate_id"
    return session.scalar(sa.select(AccountingVoucher).filter_by(**{name: source.id}, in_force=True))
