"""The verdict: what fits to the cent, which term binds, what a hold and freedom from limits do."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.expressions import parse
from app.engines.calculating.calc import Figure
from app.engines.credit.calc import Ceiling, Hold, Part, Question, ceiling, judge
from app.packs.credit import Bar, Route

AMOUNT = st.decimals(0, 10**9, places=2)
WORDS = {"zh": "式", "en": "way"}


def route(key, **over):
    told = {"key": key, "label": WORDS, "limit": "rolling", "clause": "1", "basis": "stated"} | over
    return Route.model_validate(told)


WITHIN = route("within", when={"credit_class": "credited"})
FIRST = route("first", limit="rolling", counts="document", times="3", strict="yes", needs=["reason"])
PAID = route("paid", limit="money", counts="document", despite_hold="yes")
ROUTES = (WITHIN, PAID, FIRST)


def asked(requested, used="0", limit="0", *, money="0", facts=None, **over):
    known = {"credit_class": "credited", "reason": "急"} | (facts or {})
    ceilings = {
        "rolling": Ceiling("rolling", "额度", None if limit is None else Decimal(limit), (), "1", "stated"),
        "money": Ceiling("money", "汇款", Decimal(money), (), "2", "stated"),
    }
    parts = (Part("open", "未收", Decimal(used)),)
    return Question(Decimal(requested), parts, known.get, ceilings.__getitem__, lambda v: v, **over)


@pytest.mark.parametrize(
    ("requested", "used", "limit", "chosen"),
    [
        ("150000.00", "120000.00", "270000.00", "within"),
        ("150000.01", "120000.00", "270000.00", None),
        ("90000.00", "270000.00", "270000.00", None),
        ("89999.99", "270000.00", "270000.00", "first"),
        ("33333.33", "100000.00", "100000.00", "first"),
        ("33333.34", "100000.00", "100000.00", None),
    ],
)
def test_equality_is_inside_the_limit_and_outside_the_third(requested, used, limit, chosen):
    found = judge(ROUTES, asked(requested, used, limit)).chosen
    assert (found.key if found else None) == chosen


def test_a_refusal_knows_limit_used_requested_excess_and_headroom():
    way = judge(ROUTES, asked("150000.01", "120000.00", "270000.00")).main
    numbers = (way.ceiling.amount, way.used, way.requested, way.excess, way.headroom)
    assert tuple(map(str, numbers)) == ("270000.00", "120000.00", "150000.01", "0.01", "150000.00")


def test_conditions_and_needs_are_named():
    found = judge(ROUTES, asked("1", "0", "10", facts={"credit_class": "over_30", "reason": None}))
    assert [(m.name, m.wanted, m.found, m.empty) for way in found.tried for m in way.missed] == [
        ("credit_class", ("credited",), "over_30", False), ("reason", (), None, True),
    ]  # fmt: skip
    assert found.chosen is None


def test_a_hold_stops_credit_but_not_money():
    held = judge(ROUTES, asked("1", "0", "10", money="1", hold=Hold("欠款", None)))
    assert held.chosen is not None
    assert held.chosen.key == "paid"


def test_freedom_from_limits_is_a_flag_of_its_own():
    """A limit that nobody set is nothing; only who is set free has none."""
    assert judge(ROUTES, asked("1", "0", None)).chosen is None
    free = judge(ROUTES, asked("9999999", "1", None, unlimited=True, facts={"credit_class": "uncredited"}))
    assert free.chosen is not None
    assert (free.chosen.key, free.chosen.excess) == ("within", 0)


def test_what_was_found_earlier_may_still_fit():
    assert judge(ROUTES, asked("80", "100", "300", money="0")).still_fits("first")
    assert not judge(ROUTES, asked("100", "300", "300")).still_fits("first")
    assert judge(ROUTES, asked("100", "200", "300")).still_fits("first"), "within the limit meanwhile"


@given(AMOUNT, AMOUNT, AMOUNT, AMOUNT)
def test_nothing_is_let_go_beyond_its_bound(requested, used, limit, money):
    found = judge(ROUTES, asked(requested, used, limit, money=money))
    by_key = {"within": used + requested <= limit, "paid": requested <= money, "first": 3 * requested < limit}
    assert all(way.fits == by_key[way.key] for way in found.tried)
    assert len(found.tried) == 3 or found.tried[-1].fits
    assert found.chosen is None or by_key[found.chosen.key]
    assert (found.chosen is None) == (not any(by_key.values()))
    assert found.main.headroom >= 0


@given(AMOUNT, st.none() | AMOUNT, st.none() | AMOUNT)
def test_the_lowest_term_binds_and_what_nobody_set_does_not(goods, cap, other):
    figures = {"goods": Figure(goods, "money"), "cap": Figure(cap, "money") if cap is not None else None,
               "other": Figure(other, "money") if other is not None else None}  # fmt: skip
    found = ceiling("limit", "额度", parse("min(goods, cap, other * 2)"), figures, {"goods": "货款", "cap": "封顶"})
    terms = [goods, *([cap] if cap is not None else []), *([other * 2] if other is not None else [])]
    assert found.amount == min(terms)
    assert sum(term.binds for term in found.terms) == 1
    assert found.binding is not None
    assert found.binding.amount == found.amount


# -- bars, steps and approvals without a bound -----------------------------------------------------------------------


def bar(key, **over):
    told = {"key": key, "label": WORDS, "clause": "9", "basis": "stated"} | over
    return Bar.model_validate(told)


ABOVE = route("above", limit=None, counts="document", moves=["ask"], needs=["reason"], keeps_excess="yes")
TAKEN = route("within", moves=["use"])
OPEN = bar("open", unless={"unsettled": "none"}, shows="unsettled", lifted_by=["above"])
NEVER = bar("never", when={"rating": "c"})


@pytest.mark.parametrize(
    ("facts", "chosen", "barred"),
    [
        ({"unsettled": None, "rating": "a"}, "within", set()),
        ({"unsettled": "CD-1", "rating": "a"}, "above", {"open"}),
        ({"unsettled": "CD-1", "rating": "c"}, None, {"open", "never"}),
        ({"unsettled": None, "rating": "c"}, None, {"never"}),
    ],
)
def test_a_bar_stops_every_way_but_those_that_lift_it(facts, chosen, barred):
    found = judge((TAKEN, ABOVE), asked("10", limit="10", facts=facts), (OPEN, NEVER))
    assert (found.chosen.key if found.chosen else None) == chosen
    assert {one.key for one in found.tried[0].barred} == barred
    assert all(one.shown == "CD-1" for one in found.tried[0].barred if one.key == "open")
    assert found.main.key == "within", "the limit that is shown is the one of the way within it"


def test_a_way_without_a_limit_is_bounded_by_nothing_and_taken_by_its_own_step():
    found = judge((TAKEN, ABOVE), asked("1000000", limit="10", facts={"rating": "a"}))
    assert found.chosen is not None
    assert (found.chosen.key, found.chosen.ceiling.amount, found.main.excess) == ("above", None, Decimal(999990))
    assert found.goes("ask")
    assert not found.goes("use")


def test_freedom_lifts_the_limit_but_no_bar():
    free = asked("1000000", limit="10", facts={"rating": "c"}, unlimited=True)
    assert judge((TAKEN, ABOVE), free, (NEVER,)).chosen is None
    assert judge((TAKEN, ABOVE), free).chosen.key == "within"
