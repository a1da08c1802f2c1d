"""Reckoning of deductions: who owes what by points, and what one month takes. Pure: no session, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.areas.consequences.calc import natural
from app.core.money import split

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Member:
    """A person who shares a loss by points."""

    employee_id: int
    number: str
    points: Decimal


@dataclass(frozen=True)
class Portion:
    """What a person owes of one borne amount (yuan), by how many of how many points; without points the whole."""

    employee_id: int
    amount: Decimal
    borne: Decimal
    points: Decimal | None = None
    total: Decimal | None = None

    @property
    def text(self) -> str:
        """The calculation with its numbers."""
        if self.points is None or self.total is None:
            return f"{self.amount:,.2f}"
        return f"{self.borne:,.2f} ÷ {_plain(self.total)} × {_plain(self.points)} = {self.amount:,.2f}"


def _plain(number: Decimal) -> str:
    return f"{number:,f}".rstrip("0").rstrip(".") if number % 1 else f"{number:,.0f}"


def by_points(borne: Decimal, members: Sequence[Member]) -> list[Portion]:
    """A borne amount among the members by their points, to the cent; they add up to it exactly."""
    total = sum((member.points for member in members), NOTHING)
    parts = split(borne, [member.points for member in members], [natural(member.number) for member in members])
    return [
        Portion(member.employee_id, part, borne, member.points, total)
        for member, part in zip(members, parts, strict=True)
        if part
    ]


def by_person(portions: Iterable[Portion]) -> Mapping[int, list[Portion]]:
    """The portions of one notice by person: each person has one deduction by it."""
    found: dict[int, list[Portion]] = {}
    for portion in portions:
        found.setdefault(portion.employee_id, []).append(portion)
    return found


@dataclass(frozen=True)
class MonthOfPerson:
    """What one month's bonus (yuan) pays: fines first, then deductions within the cap, the oldest first."""

    bonus: Decimal
    fine: Decimal
    forfeited: Decimal
    cap: Decimal
    taken: tuple[Decimal, ...]

    @property
    def paid_out(self) -> Decimal:
        """What is left for the person."""
        return self.bonus - self.fine - self.forfeited - sum(self.taken, NOTHING)


def reckon(
    bonus: Decimal, cap: Decimal, owed: Sequence[Decimal], *, fines: Decimal = NOTHING, forfeit: bool = False
) -> MonthOfPerson:
    """What a month takes of each amount owed, given oldest first.

    A forfeited bonus pays nothing else; fines never take more than the bonus, deductions never more than the cap.
    """
    if forfeit:
        return MonthOfPerson(bonus, NOTHING, bonus, cap, (NOTHING,) * len(owed))
    fine = min(fines, bonus)
    room, taken = min(cap, bonus - fine), []
    for amount in owed:
        taken.append(min(amount, room))
        room -= taken[-1]
    return MonthOfPerson(bonus, fine, NOTHING, cap, tuple(taken))
