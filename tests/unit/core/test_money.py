"""Splits to the cent and amounts in capitals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.money import CENT, capitals, split, to_cents

CENTS = st.integers(-(10**14), 10**14).map(lambda number: number * CENT)
WEIGHTS = st.lists(st.decimals(0, 10**6, places=4), min_size=1, max_size=40).filter(any)


def numbers(*texts):
    return [Decimal(text) for text in texts]


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        ("31650.00", ("60", "30", "10"), ("18990.00", "9495.00", "3165.00")),
        ("100.00", ("33.33", "33.33", "33.34"), ("33.33", "33.33", "33.34")),
        ("0.05", ("50", "50"), ("0.03", "0.02")),
        ("0.01", ("10", "90"), ("0.00", "0.01")),
        ("-0.05", ("50", "50"), ("-0.03", "-0.02")),
        ("0.00", ("1", "2"), ("0.00", "0.00")),
    ],
)
def test_splits_of_the_policy(total, weights, parts):
    assert split(Decimal(total), numbers(*weights), range(len(weights))) == numbers(*parts)


def test_of_equal_shares_the_lowest_key_takes_the_cent():
    assert split(Decimal("0.05"), numbers("50", "50"), ["1002", "1001"]) == numbers("0.02", "0.03")


@given(CENTS, WEIGHTS)
def test_a_split_adds_up_and_no_part_is_a_cent_off(total, weights):
    parts = split(total, weights, range(len(weights)))
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < CENT + Decimal("0.0001")


@given(CENTS, WEIGHTS, st.randoms())
def test_the_order_in_which_people_are_named_changes_nobody_s_part(total, weights, chance):
    keyed = list(enumerate(weights))
    chance.shuffle(keyed)
    once = dict(enumerate(split(total, weights, range(len(weights)))))
    again = split(total, [weight for _key, weight in keyed], [key for key, _weight in keyed])
    assert {key: part for (key, _weight), part in zip(keyed, again, strict=True)} == once


@given(CENTS.filter(lambda total: total > 0), WEIGHTS)
def test_a_larger_share_never_bears_less_and_no_share_bears_nothing(total, weights):
    parts = split(total, weights, range(len(weights)))
    ranked = [part for _weight, part in sorted(zip(weights, parts, strict=True))]
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)
    assert ranked == sorted(ranked)


@pytest.mark.parametrize(("total", "weights"), [("1", ("0", "0")), ("1", ("-1", "2")), ("1", ()), ("0.001", ("1",))])
def test_what_cannot_be_split_is_refused(total, weights):
    with pytest.raises(ValueError, match=r"weights|cents"):
        split(Decimal(total), numbers(*weights), range(len(weights)))


def test_rounding_is_half_up_unless_asked_down():
    assert to_cents(Decimal("0.125")) == Decimal("0.13")
    assert to_cents(Decimal("0.129"), "down") == Decimal("0.12")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("31650", "叁万壹仟陆佰伍拾元整"),
        ("100001.00", "壹拾万零壹元整"),
        ("0.05", "伍分"),
        ("10.05", "壹拾元零伍分"),
    ],
)
def test_capitals(amount, words):
    assert capitals(Decimal(amount)) == words
