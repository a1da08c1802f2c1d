"""The sheet of a day: class, limit, what is owed and what is free of every customer of an adopting unit."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.areas.customers.operations import Customer
from app.core import clock
from app.core.db import session
from app.engines.credit import exposure
from app.engines.credit.knowing import Knowledge, Survey
from app.engines.people import operations as people
from app.engines.people.models import OrgUnit
from app.engines.policy import operations as policy
from app.engines.policy.calc import Settings
from app.engines.policy.models import PolicyAdoption
from app.engines.tiering import calc as tiers

CLASS, ROLLING, SPECIAL = "credit_class", "rolling_credit", "special_credit"
CREDITED, OVER = "credited", "over_30"
REASONS = {"no_file": "no_file", "no_contract": "no_contract", "prior_year": "prior_year"}
NOTHING = Decimal(0)


def adopters(day: dt.date) -> Iterator[tuple[int, str, Settings]]:
    """The units that work by rolling credit on a day, with the settings of their policy."""
    used = sa.select(PolicyAdoption).where(
        PolicyAdoption.valid_from <= day, sa.or_(PolicyAdoption.valid_to.is_(None), PolicyAdoption.valid_to >= day)
    )
    for adoption in session.scalars(used.order_by(PolicyAdoption.unit_id, PolicyAdoption.policy)).all():
        version = policy.current_version(adoption.policy, day)
        pack = policy.pack_for(version.id) if version is not None else None
        if pack is not None and pack.credit is not None and {CLASS} <= set(pack.tiers) and ROLLING in pack.limits:
            yield adoption.unit_id, adoption.policy, policy.settings_for(pack, adoption.unit_id, day)


def rows(settings: Settings, adopter_id: int, code: str, day: dt.date) -> Iterator[dict[str, Any]]:
    """A row for each customer below an adopting unit; the number of statements does not grow with the customers."""
    assert settings.pack.credit is not None
    survey, used = Survey(settings, adopter_id, day), exposure.used_by_all(settings.pack.credit, adopter_id)
    below = OrgUnit.path.startswith(people.path_of(adopter_id), autoescape=True)
    query = sa.select(Customer.id, Customer.group_head_id, Customer.unit_id, Customer.owner_id)
    query = query.join(OrgUnit, OrgUnit.id == Customer.unit_id).where(below)
    found = session.execute(query.order_by(Customer.id)).all()
    groups: dict[int, list[int]] = defaultdict(list)
    led = {row.id: row.group_head_id or row.id for row in found}
    for row in found:
        groups[led[row.id]].append(row.id)
    days, now = int(settings.value("window_days")), clock.now()
    for row in found:
        members = groups[led[row.id]]
        yield _row(survey.of(members), exposure.together(used, members), days) | {
            "adopter_id": adopter_id, "policy": code, "customer_id": row.id, "credit_date": day,
            "unit_id": row.unit_id, "owner_id": row.owner_id, "created_at": now, "changed_at": now, "row_version": 1,
        }  # fmt: skip


def _row(known: Knowledge, owed: Decimal, days: int) -> dict[str, Any]:
    chosen, day = known.read(CLASS), known.day
    special = known.fact("special")
    limit = {CREDITED: known.ceiling(ROLLING).amount, OVER: special}.get(chosen) or NOTHING
    return {
        "eligible": chosen in (CREDITED, OVER), "ineligible_reason": _reasons(known), "credit_class": chosen,
        "window_from": day - dt.timedelta(days=days), "window_to": day - dt.timedelta(days=1),
        "base_amount": known.fact("trailing_goods"), "special_limit": special if chosen == OVER else None,
        "credit_limit": limit, "outstanding": owed, "oldest_unpaid_days": known.fact("oldest_unpaid"),
        "available": max(limit - owed, NOTHING),
    }  # fmt: skip


def _reasons(known: Knowledge) -> list[str] | None:
    """Every criterion of qualification that fails."""
    met = tiers.met(known.settings.pack.tiers[CLASS], known.read, known.settings.resolve)
    return [name for key, name in REASONS.items() if key in met] or None
