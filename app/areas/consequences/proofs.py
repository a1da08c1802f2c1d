"""Which tax proofs a policy takes; they stand in its pack."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.core import attachments, forms
from app.core.db import session
from app.core.whole import Whole
from app.engines.calculating.operations import settings_of
from app.engines.tiering import operations as tiering

RETURNS, DISCOUNTS, FURTHER = "return_proofs", "discount_proofs", "third_discount_proofs"
FLAG = "third_discount_proof"


def of_return(slip: Any) -> list[str]:
    """The proofs of a return; none where the policy asks for none."""
    return list(tiering.tier_of(slip, RETURNS).classes) if tiering.has(slip, RETURNS) else []


def of_discount(certificate: Any) -> list[str]:
    """The proofs of a discount; a further one only where the company takes it."""
    if not tiering.has(certificate, DISCOUNTS):
        return []
    found = list(tiering.tier_of(certificate, DISCOUNTS).classes)
    if settings_of(certificate).value(FLAG):
        found += tiering.tier_of(certificate, FURTHER).classes
    return found


def has_document(slug: str, record_id: int, field: str) -> bool:
    """Whether a file was put beside a row."""
    return any(found.field == field for found in attachments.of_row(slug, record_id))


@forms.offers("return_certificate", "proof_type")
def discount_choices(whole: Whole) -> Iterable[str]:
    """What a form offers as proof of a discount."""
    return of_discount(whole.record)


@forms.offers("return_proof", "proof_type")
def return_choices(whole: Whole) -> Iterable[str] | None:
    """What a form offers as proof of a return; everything while the slip is not known."""
    from app.areas.consequences.goods_return import GoodsReturn

    record: Any = whole.record
    slip = session.get(GoodsReturn, record.slip_id) if record.slip_id else None
    return of_return(slip) if slip is not None else None
