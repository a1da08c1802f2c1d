"""What deductions, certificates and reports may ask of consequences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from app.areas.consequences.conduct_rule import ConductRule
from app.areas.consequences.heads import Head, head_of
from app.areas.consequences.loss_sheet import LossSheet
from app.areas.consequences.opening import open_case, show_to
from app.areas.consequences.penalty_notice import PenaltyNotice
from app.areas.consequences.responsibility_share import ResponsibilityShare
from app.areas.consequences.sanction import Sanction
from app.areas.consequences.sanctions import graded, least_fine
from app.areas.consequences.sheets import items_of, refresh_sheet, shares_of
from app.core.db import session
from app.engines.people import operations as people
from app.engines.people.models import OrgUnit

__all__ = [
    "Bearer", "Head", "approved_notices", "bearers_of", "current_sheet", "graded", "head_of", "items_of", "least_fine",
    "open_case", "refresh_sheet", "rules_of_shares", "sanctions_in_force", "shares_of", "show_to",
]  # fmt: skip


@dataclass(frozen=True)
class Bearer:
    """Who bears how much (yuan) of the loss behind a notice: a person, or a unit, section or department as a whole."""

    share_id: int
    kind: str
    employee_id: int | None
    unit_id: int | None
    amount: Decimal


def rules_of_shares(adopter_id: int, origin: str, day: dt.date) -> list[ConductRule]:
    """The shares of a loss in force on a day in the units below an adopting one: of each post the latest."""
    below = sa.select(OrgUnit.id).where(OrgUnit.path.startswith(people.path_of(adopter_id), autoescape=True))
    found = sa.select(ConductRule).where(
        ConductRule.kind == "share", ConductRule.origin == origin, ConductRule.effective_from <= day,
        ConductRule.unit_id.in_(below),
    )  # fmt: skip
    latest = {rule.bearer: rule for rule in session.scalars(found.order_by(ConductRule.effective_from, ConductRule.id))}
    return sorted(latest.values(), key=lambda rule: rule.id)


def current_sheet(complaint_id: int) -> LossSheet | None:
    """The approved sheet of a complaint that is in force; its amounts never change, corrections are new sheets."""
    sheet = LossSheet
    approved = sa.select(sheet).filter_by(complaint_id=complaint_id, replaced=False)
    return session.scalar(approved.where(sheet.approved_at.is_not(None)).order_by(sheet.version.desc()).limit(1))


def approved_notices(adopter_id: int) -> Sequence[PenaltyNotice]:
    """The notices of an adopting unit that the general manager approved, the oldest approval first."""
    notice = PenaltyNotice
    found = sa.select(notice).where(notice.adopter_id == adopter_id, notice.approved_at.is_not(None))
    return session.scalars(found.order_by(notice.approved_at, notice.id)).all()


def bearers_of(notice: PenaltyNotice) -> list[Bearer]:
    """Who bears the loss behind a notice, outside parties left out; with theirs the amounts add up to the loss."""
    shares: Sequence[ResponsibilityShare] = shares_of(notice.sheet_id) if notice.sheet_id else []
    return [
        Bearer(share.id, share.bearer_type, share.employee_id, share.bearer_unit_id, share.amount)
        for share in shares
        if share.amount
    ]


def sanctions_in_force(employee_id: int) -> Sequence[Sanction]:
    """The approved sanctions of a person, the oldest approval first; revoked ones are not among them."""
    found = sa.select(Sanction).where(
        Sanction.employee_id == employee_id, Sanction.approved_at.is_not(None), Sanction.lapsed.is_(False)
    )
    return session.scalars(found.order_by(Sanction.approved_at, Sanction.id)).all()
