"""Accounts are held, let go, freed of any limit and bound again, each by somebody and for a reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.credit.credit_hold import FREE, HELD, HOLD, CreditHold
from app.areas.credit.locking import group_of
from app.areas.customers.operations import Customer
from app.core.db import session
from app.core.errors import Problem
from app.core.hooks import Moved, effect
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole
from app.engines.credit import accounts
from app.engines.credit.models import CreditAccount

SLUG = CreditHold.__tablename__
ENDED = ("over", "refused")


@check(SLUG)
def one_at_a_time(draft: Draft) -> Iterable[Problem]:
    """A customer has one hold at a time, and one freedom."""
    record: Any = draft.whole.record
    customer = draft.get("customer_id")
    if record.id is not None or not customer:
        return
    row = CreditHold
    open_ = sa.select(row.id).where(
        row.customer_id == customer, row.adopter_id == record.adopter_id, row.kind == draft.get("kind"),
        row.status.not_in(ENDED),
    )  # fmt: skip
    if session.scalar(open_.limit(1)) is not None:
        yield Problem(_("One of this customer is open already."), "customer_id", "one_open")


@before_create(SLUG)
def lies_with_the_customer(whole: Whole) -> None:
    """It belongs to the unit that looks after the customer; whoever writes it owns it."""
    customer = session.get(Customer, whole.get("customer_id") or 0)
    if customer is not None:
        record: Any = whole.record
        record.unit_id = customer.unit_id


def _account(record: Any) -> CreditAccount:
    return accounts.lock(Customer.__tablename__, record.customer_id, record.adopter_id)


def _begun(moved: Moved) -> CreditAccount:
    record: Any = moved.record
    record.begun_at, record.begun_by_id = moved.at, moved.employee_id
    return _account(record)


def _ended(moved: Moved) -> CreditAccount | None:
    """The account, unless another decision of its group keeps it as it is."""
    record: Any = moved.record
    record.ended_at, record.ended_by_id, record.end_reason = moved.at, moved.employee_id, moved.reason[:300]
    session.flush()
    row, kept = CreditHold, HELD if record.kind == HOLD else FREE
    others = sa.select(row.id).where(
        row.customer_id.in_(group_of(record.customer_id)), row.adopter_id == record.adopter_id, row.status == kept,
        row.id != record.id,
    )  # fmt: skip
    account = _account(record)
    return account if session.scalar(others.limit(1)) is None else None


@effect("hold_account", early=True)
def hold_account(moved: Moved) -> None:
    """No more credit for the customer and its group."""
    record: Any = moved.record
    accounts.hold(_begun(moved), record.reason, moved.move.clause if moved.move else "")


@effect("release_account", early=True)
def release_account(moved: Moved) -> None:
    """Credit is open again."""
    if (account := _ended(moved)) is not None and account.held_since is not None:
        accounts.release(account, moved.reason)


@effect("free_account", early=True)
def free_account(moved: Moved) -> None:
    """Credit without a limit, whatever the limits say."""
    record: Any = moved.record
    accounts.free(_begun(moved), record.reason)


@effect("bind_account", early=True)
def bind_account(moved: Moved) -> None:
    """The limits count again."""
    if (account := _ended(moved)) is not None:
        accounts.bind(account)
