"""What a deal wants to know of a customer: its rating, its limit in force, its survey, and what is not settled yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.areas.credit.credit_deal import CreditDeal
from app.areas.credit.credit_rating import IN_FORCE, CreditRating
from app.areas.credit.credit_request import ACTIVE, CreditRequest
from app.areas.credit.credit_survey import FILED, CreditSurvey
from app.core import clock
from app.core.db import session
from app.engines.credit.registry import Asked, fact

ENDED = ("superseded", "rejected")
STRICT, BY_KIND, TEMPORARY = "strict", "by_kind", "temporary"
NAMED = 5


def _of(query: Any, column: Any, asked: Asked) -> Any:
    """The customers asked for, or all."""
    return query if asked.parties is None else query.where(column.in_(list(asked.parties)))


@fact("rating_standing", fold="max")
def rating_standing(asked: Asked) -> Mapping[int, Mapping[str, Any]]:
    """The class ``in_force`` on the day, and the one that the facts are ``coming`` to while it is not decided."""
    row, found = CreditRating, dict[int, dict[str, Any]]()
    query = sa.select(row.customer_id, row.status, row.computed_class, row.final_class, row.approved_on).where(
        row.adopter_id == asked.adopter_id, row.status.not_in(ENDED)
    )
    for each in session.execute(_of(query, row.customer_id, asked).order_by(row.id)):
        known = found.setdefault(each.customer_id, {})
        if each.status == IN_FORCE and (each.approved_on is None or each.approved_on <= asked.day):
            known |= {"in_force": each.final_class, "coming": None}
        elif each.status != IN_FORCE:
            known["coming"] = each.computed_class
    return found


@fact("line_in_force", fold="max")
def line_in_force(asked: Asked) -> Mapping[int, Mapping[str, Any]]:
    """The ``limit`` and its ``kind`` that count on the day, both bounds included; a group shares its latest one."""
    row = CreditRequest
    query = sa.select(row.customer_id, row.approved_limit, row.kind).where(
        row.adopter_id == asked.adopter_id, row.status == ACTIVE, row.valid_from <= asked.day,
        row.valid_to >= asked.day,
    )  # fmt: skip
    rows = session.execute(_of(query, row.customer_id, asked).order_by(row.id)).all()
    counted = rows if asked.parties is None else rows[-1:]
    return {each.customer_id: {"limit": each.approved_limit, "kind": each.kind} for each in counted}


@fact("survey_current", fold="all", default=False)
def survey_current(asked: Asked) -> Mapping[int, bool]:
    """Whether the latest survey on file need not have been renewed before the day."""
    row = CreditSurvey
    query = sa.select(row.customer_id, row.refresh_by).where(row.status == FILED)
    rows = session.execute(_of(query, row.customer_id, asked).order_by(row.updated_on, row.id))
    return {each.customer_id: bool(each.refresh_by and each.refresh_by >= asked.day) for each in rows}


@fact("unsettled_deals", fold="first")
def unsettled_deals(asked: Asked) -> Mapping[int, str]:
    """The numbers of deals in the ``states`` that block a new one: by the ``policy`` all, or only those ``late``.

    By kind, everything blocks while the fact ``kind`` says temporary credit.
    """
    rule, row = asked.arguments["policy"], CreditDeal
    strict = rule == STRICT or (rule == BY_KIND and asked.known(str(asked.arguments["kind"])) == TEMPORARY)
    query = sa.select(row.customer_id, row.deal_no).where(
        row.adopter_id == asked.adopter_id, row.status.in_(asked.arguments["states"]), row.id != (asked.without or 0)
    )
    if not strict:
        query = query.where(sa.or_(row.status.in_(asked.arguments["late"]), row.due_at < clock.now()))
    rows = session.execute(_of(query, row.customer_id, asked).order_by(row.id).limit(NAMED)).all()
    parties = asked.parties or sorted({each.customer_id for each in rows})
    numbers = "、".join(each.deal_no or "#" for each in rows)
    return {parties[0]: numbers} if numbers else {}
