"""Which body reviews a business with a customer: by class and amount, as rows of a table say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.customers.operations import Customer
from app.areas.governance.operations import AuthorityRule
from app.core import clock, explaining, pages
from app.core.db import session
from app.core.errors import Problem
from app.core.hooks import Moved, effect
from app.core.pages import ShowPage
from app.core.saving import Draft, check
from app.core.whole import Whole
from app.engines.people import operations as people
from app.engines.people.models import OrgUnit
from app.engines.tiering import operations as tiering

TIER, LEVEL, ROWS = "review_level", "rule_level", ("contract",)


@check("authority_rule")
def rows_do_not_overlap(draft: Draft) -> Iterable[Problem]:
    """Amounts and days are in order, and no two rows of a class tell of one amount on one day."""
    first, last = draft.get("amount_from"), draft.get("amount_to")
    begun, ended = draft.get("effective_from"), draft.get("effective_to")
    if last is not None and first is not None and last <= first:
        yield Problem(_("The upper amount lies above the lower one."), "amount_to", "after")
    if ended is not None and begun is not None and ended < begun:
        yield Problem(_("The last day lies before the first."), "effective_to", "not_before")
    if None not in (first, begun) and _overlaps(draft, first, last, begun, ended):
        yield Problem(_("Another row of this class tells of these amounts already."), "amount_from", "overlap")


def _overlaps(draft: Draft, first: Any, last: Any, begun: Any, ended: Any) -> bool:
    """Whether another row of the class tells of one of these amounts on one of these days."""
    record: Any = draft.whole.record
    row = AuthorityRule
    same = [row.customer_class_id == draft.get("customer_class_id"), row.unit_id == record.unit_id,
            row.id != (record.id or 0), sa.or_(row.amount_to.is_(None), row.amount_to > first),
            sa.or_(row.effective_to.is_(None), row.effective_to >= begun)]  # fmt: skip
    same += [row.amount_from < last] if last is not None else []
    same += [row.effective_from <= ended] if ended is not None else []
    return session.scalar(sa.select(row.id).where(*same).limit(1)) is not None


def level_of(unit_id: int, class_id: int | None, amount: Decimal, day: dt.date) -> str | None:
    """What the table of a unit and those below it says of an amount; nothing when no row fits."""
    row = AuthorityRule
    below = sa.select(OrgUnit.id).where(OrgUnit.path.startswith(people.path_of(unit_id), autoescape=True))
    found = sa.select(row.level).where(
        row.unit_id.in_(below), row.customer_class_id == class_id, row.amount_from <= amount,
        sa.or_(row.amount_to.is_(None), row.amount_to > amount), row.effective_from <= day,
        sa.or_(row.effective_to.is_(None), row.effective_to >= day),
    )  # fmt: skip
    return session.scalar(found.order_by(row.id).limit(1))


def judged(case: Any) -> tiering.Classified | None:
    """The level that reviews a case with a customer and an amount, with the reason; nothing without an amount."""
    if case.__tablename__ not in ROWS or case.amount is None or not tiering.has(case, TIER):
        return None
    customer = session.get(Customer, case.customer_id or 0)
    kind = customer.customer_class_id if customer is not None else None
    level = level_of(case.adopter_id, kind, case.amount, clock.today())
    return tiering.classify(case, TIER, {LEVEL: level}.get)


@explaining.explains("review_level")
def explain(whole: Whole) -> Any:
    """Which body reviews it, and by which row of the table."""
    found = judged(whole.record)
    return tiering.explained(found) if found is not None else None


def tell(page: ShowPage) -> None:
    """A note on the page of the contract."""
    found = judged(page.record)
    if found is not None:
        text = _("Reviewed by: %(level)s. %(why)s", level=found.label, why=tiering.reason(found))
        page.notes.append({"tone": "info", "text": text})


@effect("note_verified")
def note_verified(moved: Moved) -> None:
    """The customer's file says when its data were last found to be right."""
    customer: Any = session.get_one(Customer, moved.whole.get("customer_id"))
    customer.last_verified_on = clock.today()
    session.flush()


pages.on_show(tell, order=45)
