"""Civilised households: praised suggestions nominate a household and let it come first."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints import operations as complaints
from app.areas.consequences.reward import Reward
from app.areas.consequences.reward_household import RewardHousehold
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.core.register import registers
from app.core.ripples import after_change
from app.core.saving import Draft, check
from app.core.whole import Whole
from app.engines.limits import operations as limits

TITLE = "title"
YEAR = re.compile(r"20\d\d")


def _praised(customer_id: int, adopter_id: int, year: str) -> int:
    """How many suggestions of a household were praised in a year."""
    opinion: Any = registers()["customer_opinion"].model
    found = sa.select(sa.func.count()).where(
        opinion.customer_id == customer_id, opinion.adopter_id == adopter_id, opinion.praised.is_(True),
        opinion.published_on >= dt.date(int(year), 1, 1), opinion.published_on <= dt.date(int(year), 12, 31),
    )  # fmt: skip
    return session.scalar(found) or 0


def _of_year(customer_id: int | None, adopter_id: int, year: str | None) -> Reward | None:
    known = sa.select(Reward).join(RewardHousehold, RewardHousehold.id == Reward.id).where(
        Reward.customer_id == customer_id, Reward.adopter_id == adopter_id, RewardHousehold.year == year
    )  # fmt: skip
    return session.scalars(known).first()


def _count(whole: Whole) -> None:
    """Praised suggestions of its year, which let a household come first."""
    record: Any = whole.record
    year = whole.get("year") or f"{clock.today().year}"
    praised = _praised(record.customer_id, record.adopter_id, year)
    whole.update({"year": year, "praised_count": praised, "priority": praised > 0})
    whole.save()


@effect("nominate_household")
def nominate_household(moved: Moved) -> None:
    """The household of a praised suggestion is nominated for the title of the year, once."""
    opinion: Any = moved.record
    if not opinion.praised or opinion.customer_id is None:
        return
    known = _of_year(opinion.customer_id, opinion.adopter_id, f"{opinion.published_on.year}")
    if known is not None:
        _count(moves.whole_of(known))
        return
    made = complaints.open_beside(
        moved, Reward, opinion.unit_id, customer_id=opinion.customer_id, merit=opinion.content, grade=TITLE
    )
    complaints.give_number(made.record, moved.at)
    made.whole.update({"year": f"{opinion.published_on.year}"})
    _count(made.whole)


@after_change("reward")
def count_praised(reward: Any) -> None:
    """A household that was nominated by hand is counted as well."""
    whole = moves.whole_of(reward)
    if "praised_count" in whole.fields and reward.customer_id is not None:
        _count(whole)


@check("reward_household")
def once_a_year(draft: Draft) -> Iterable[Problem]:
    """A household is nominated once a year, within the points that the policy gives."""
    record: Any = draft.whole.record
    if draft.get("customer_id") is None:
        yield Problem(_("Name the household."), "customer_id", "required", "1.4")
    year = draft.get("year") or f"{clock.today().year}"
    if not YEAR.fullmatch(year):
        yield Problem(_("A year is written like 2025."), "year", "pattern", "1.4")
        return
    known = _of_year(draft.get("customer_id"), record.adopter_id, year)
    if known is not None and known.id != record.id:
        text = _("This household is nominated for the year already: %(number)s.", number=known.reward_no)
        yield Problem(text, "customer_id", "unique", "1.4")
    if (points := draft.get("points")) is not None:
        yield from limits.broken(limits.measure(record, "award_points", Decimal(points)), "points")


@guard("title_fits")
def title_fits(step: Step) -> Iterable[Problem]:
    """What a household gets is the title."""
    if step.get("grade") != TITLE:
        yield Problem(_("A civilised household gets the title of honour."), "grade", "title_fits", step.move.clause)
