"""Referrals: nobody recommends himself, nor in a circle; who recommended whom stands in the customer file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from app.areas.customers.operations import Customer, above
from app.core import moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, effect
from app.core.saving import Draft, check

REFERRAL, FIELD, CLAUSE = "referral", "referred_by_id", "引言"


@check("sales_lead")
def no_circle(draft: Draft) -> Iterable[Problem]:
    """The new customer is not the one who recommends, nor does the chain lead back; each is recommended once."""
    if draft.get("kind") != REFERRAL or not {"customer_id", "referrer_id"} & set(draft.values):
        return
    customer, referrer = draft.get("customer_id"), draft.get("referrer_id")
    if customer is None or referrer is None:
        return
    if customer == referrer:
        yield Problem(_("Nobody recommends himself."), "referrer_id", "self_referral", CLAUSE)
    elif customer in above(FIELD, referrer):
        text = _("This closes a circle: the new customer has recommended this one, perhaps through others.")
        yield Problem(text, "referrer_id", "circular_referral", CLAUSE)
    elif (known := session.get(Customer, customer)) is not None and known.referred_by_id not in (None, referrer):
        yield Problem(_("This customer was recommended by somebody already."), "customer_id", "unique", CLAUSE)


@effect("link_referrer")
def link_referrer(moved: Moved) -> None:
    """The file of the new customer names who recommended it."""
    _write(moved, moved.whole.get("referrer_id"))


@effect("unlink_referrer")
def unlink_referrer(moved: Moved) -> None:
    """What was no referral is taken out of the file again."""
    _write(moved, None)


def _write(moved: Moved, referrer_id: int | None) -> None:
    customer: Any = session.get_one(Customer, moved.whole.get("customer_id"))
    whole = moves.whole_of(customer)
    whole.update({FIELD: referrer_id})
    whole.save()
