"""Deductions by points and the month of a person: every sum holds to the cent, whatever the numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.areas.consequences import payroll_calc as calc
from app.areas.consequences.calc import Part, amounts
from app.areas.consequences.payroll_calc import Member
from app.core.money import to_cents

CENTS = st.integers(0, 10_000_000).map(lambda cents: Decimal(cents) / 100)
POINTS = st.lists(st.integers(1, 100_000).map(lambda n: Decimal(n) / 10), min_size=1, max_size=40)


def members(points):
    return [Member(at, str(1000 + at), number) for at, number in enumerate(points)]


@pytest.mark.parametrize(
    ("borne", "points", "owed"),
    [
        ("36000.00", ["45", "1155"], ["1350.00", "34650.00"]),
        ("36000.00", ["9", "3991"], ["81.00", "35919.00"]),
        ("0.05", ["45", "45"], ["0.03", "0.02"]),
        ("0.01", ["1", "2"], ["0.01"]),
    ],
)
def test_points_of_the_policy(borne, points, owed):
    found = calc.by_points(Decimal(borne), members(map(Decimal, points)))
    assert [str(part.amount) for part in found] == owed


@given(CENTS, POINTS)
def test_what_all_owe_is_what_the_unit_bears(borne, points):
    found = calc.by_points(borne, members(points))
    assert sum((part.amount for part in found), Decimal(0)) == borne
    assert all(part.amount > 0 for part in found)


@given(CENTS, CENTS, CENTS, st.booleans(), st.lists(CENTS, max_size=12))
def test_a_month_pays_no_more_than_its_bonus_and_its_cap_the_oldest_first(bonus, fines, cap, forfeit, owed):
    cap = min(cap, bonus)
    month = calc.reckon(bonus, cap, owed, fines=fines, forfeit=forfeit)
    assert month.fine + month.forfeited + sum(month.taken) + month.paid_out == bonus
    assert month.paid_out >= 0
    assert sum(month.taken) <= cap
    assert all(0 <= taken <= amount for taken, amount in zip(month.taken, owed, strict=True))
    short = [at for at, amount in enumerate(owed) if month.taken[at] < amount]
    assert all(month.taken[at] == 0 for at in range(len(owed)) if short and at > short[0])
    if forfeit:
        assert (month.fine, month.forfeited, sum(month.taken)) == (0, bonus, 0)


@st.composite
def cases(draw):
    """Losses with whole percents of several bearing units of several people."""
    cuts = sorted(draw(st.lists(st.integers(1, 99), max_size=4, unique=True)))
    percents = [Decimal(b - a) for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
    return draw(CENTS), percents, [draw(POINTS) for _percent in percents]


@given(st.lists(cases(), min_size=1, max_size=4), st.lists(st.tuples(CENTS, CENTS, st.booleans()), max_size=6))
def test_losses_are_shares_are_deductions_are_taken_and_outstanding_at_every_instant(losses, months):
    open_: dict[int, list[Decimal]] = {}
    total = Decimal(0)
    for loss, percents, units in losses:
        shares = amounts(loss, [Part(percent, 1, str(at)) for at, percent in enumerate(percents)])
        assert sum(shares) == loss
        portions = [part for share, points in zip(shares, units, strict=True) for part in _charged(share, points)]
        owed = calc.by_person(portions)
        assert sum((part.amount for parts in owed.values() for part in parts), Decimal(0)) == loss
        total += loss
        for person, parts in owed.items():
            open_.setdefault(person, []).append(sum((part.amount for part in parts), Decimal(0)))
    taken = Decimal(0)
    for bonus, fines, forfeit in months:
        for person, owed in open_.items():
            month = calc.reckon(bonus, to_cents(bonus / 2, "down"), owed, fines=fines, forfeit=forfeit)
            open_[person] = [left - part for left, part in zip(owed, month.taken, strict=True)]
            taken += sum(month.taken)
        assert taken + sum((left for owed in open_.values() for left in owed), Decimal(0)) == total


def _charged(share, points):
    return calc.by_points(share, members(points)) if share else []
