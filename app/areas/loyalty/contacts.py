"""Contact with VIPs: the limit follows the latest contact, the second guide sees whom to stand in for."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.areas.customers.operations import Customer
from app.areas.loyalty import grades
from app.core import clock, moves, saving
from app.core.db import session
from app.core.ripples import after_change
from app.core.scope import Participation, call_in


@after_change("contact_log")
def contact_counts(row: Any) -> None:
    """Whoever was reached is due again only after the time of the class."""
    if row.customer_id is None or row.outcome != grades.REACHED:
        return
    grade, day = grades.in_force(row.customer_id), clock.to_local(row.contacted_at).date()
    if grade is not None and (grade.contact_on is None or grade.contact_on < day):
        _fill(grade, contact_on=day)


@after_change("customer", of_new=lambda row: row.backup_id is not None or bool(row.vip_class))
def file_changed(row: Any) -> None:
    """The backup guide sees the customer; how many channels there are is marked at the VIP class."""
    _let_in(row)
    grade = grades.in_force(row.id) if row.vip_class else None
    if grade is not None and grade.few_channels != (few := grades.few_channels(grade, row)):
        _fill(grade, few_channels=few)


def _let_in(customer: Customer) -> None:
    slug = Customer.register.slug
    others = sa.select(Participation).where(
        Participation.register == slug, Participation.record_id == customer.id, Participation.post.is_(None),
        Participation.employee_id.is_distinct_from(customer.backup_id),
    )  # fmt: skip
    for former in session.scalars(others):
        session.delete(former)
    if customer.backup_id is not None:
        call_in(slug, customer.id, customer.backup_id)
    session.flush()


def _fill(row: Any, **values: Any) -> None:
    whole = moves.whole_of(row)
    whole.update(values)
    whole.save()
    saving.told(whole, values)
