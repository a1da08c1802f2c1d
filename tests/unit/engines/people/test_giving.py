"""Giving and ending what people hold, and duties that are kept apart."""

import datetime as dt
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.areas.customers.customer import Customer
from app.core import access, actor, clock
from app.core.db import session
from app.core.errors import Forbidden, Refusal
from app.engines.audit import operations as audit
from app.engines.people import calc, catalogue
from app.engines.people import operations as people
from app.engines.people.catalogue import Duty, Text
from app.engines.people.models import Employee, Holding, OrgUnit
from tests.portal import find, inside, portal, row_id, unit

__all__ = ["inside", "portal"]

DAY = dt.timedelta(days=1)


# -- giving ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "more", "field"),
    [
        ("nobody", {}, "role"), ("salesperson", {"post": "B02.qc"}, "post"),
        ("quality_officer", {"scope": "units"}, "unit_ids"), ("quality_officer", {"unit_ids": [1]}, "unit_ids"),
        ("quality_officer", {"valid_to": dt.date(2000, 1, 1)}, "valid_to"), ("sales_manager", {}, "role"),
    ],
)
def test_what_does_not_fit_is_refused(inside, role, more, field):
    with pytest.raises(Refusal) as refused:
        people.give(find(Employee, number="BOB"), role, find(OrgUnit, code="S"), **more)
    assert refused.value.problems[0].field == field


def give_as(giver, person_, role, code):
    with actor.acting_as(row_id(User, username=giver)):
        return people.give(find(Employee, number=person_), role, find(OrgUnit, code=code))


def test_only_in_ones_reach_and_never_to_oneself(inside):
    assert give_as("sys", "AMY", "sales_manager", "S")
    for giver, to, role, code in (
        ("sys", "SYS", "sales_manager", "S"), ("sys", "AMY", catalogue.ADMIN, "S"), ("bob", "AMY", "salesperson", "S"),
    ):
        with pytest.raises(Forbidden):
            give_as(giver, to, role, code)


def test_an_administrator_of_one_branch_stays_in_it(inside):
    sales = find(OrgUnit, code="S")
    people.give(find(Employee, number="BOB"), "system_admin", sales, scope="unit_and_below")
    below = unit("S1", sales)
    assert give_as("bob", "AMY", "order_clerk", below.code)
    with pytest.raises(Forbidden):
        give_as("bob", "ANN", "order_clerk", "Q")
    with actor.acting_as(row_id(User, username="bob")), pytest.raises(Forbidden):
        people.reset_password(find(Employee, number="ANN"))


def test_an_administrators_account_is_left_to_administrators(inside):
    with actor.acting_as(row_id(User, username="sys")):
        for act in (people.reset_password, people.lock, people.sign_out):
            with pytest.raises(Forbidden):
                act(find(Employee, number="ROOT"))


def test_duties_kept_apart_everywhere_are_refused_anywhere(inside):
    ann, quality = find(Employee, number="ANN"), find(OrgUnit, code="Q")
    people.give(ann, "network_admin", quality)
    with pytest.raises(Refusal) as refused:
        people.give(ann, "security_auditor", quality)
    assert refused.value.problems[0].clause == "A01 第34条"


def test_other_duties_are_kept_apart_where_the_policy_is_adopted(inside, monkeypatch):
    sales, quality = find(OrgUnit, code="S"), find(OrgUnit, code="Q")
    adopted = {sales.id: [("A10", sales.id, sales.path)]}
    monkeypatch.setattr(people, "_adopted", lambda unit_id, _day: adopted.get(unit_id, []))
    ann, bob = find(Employee, number="ANN"), find(Employee, number="BOB")
    for who, where in ((ann, quality), (bob, sales)):
        people.give(who, "finance_officer", where)
    people.give(ann, "order_clerk", quality)
    with pytest.raises(Refusal):
        people.give(bob, "order_clerk", quality)
    people.end(find(Holding, owner_id=bob.id, role="finance_officer"), clock.today() + 5 * DAY)
    people.give(bob, "order_clerk", quality, valid_from=clock.today() + 9 * DAY)


def test_ending_takes_back_what_has_not_begun_and_closes_the_rest(inside):
    amy = find(Employee, number="AMY")
    begun = find(Holding, owner_id=amy.id, role="salesperson")
    begun.valid_from -= 5 * DAY
    later = people.give(amy, "order_clerk", find(OrgUnit, code="S"), valid_from=clock.today() + DAY)
    people.end(begun)
    people.end(later)
    assert begun.valid_to == clock.today() - DAY
    held = session.scalars(sa.select(Holding.role).where(Holding.owner_id == amy.id))
    assert sorted(held) == ["employee", "salesperson"]


def pair(first, second, **more):
    given = {"scope": "case", "enforced": True, "policies": ("B02",), "clause": "B02", "basis": "stated"} | more
    return Duty(roles=(first, second), why=Text(zh="分开", en="apart"), **given)


@pytest.mark.parametrize(
    ("duty", "policy", "broken"),
    [
        (pair("a", "b"), "B02", True), (pair("b", "a"), "B02", True), (pair("a", "b"), "A01", False),
        (pair("a", "b", everywhere=True), "A01", True), (pair("a", "b", enforced=False), "B02", False),
        (pair("a", "b", scope="person"), "B02", False), (pair("b", "b"), "B02", False), (pair("b", "c"), "B02", False),
    ],
)
def test_pairs_by_case(duty, policy, broken):
    acts = [calc.Act("a", 1), calc.Act("c", 2)]
    assert bool(calc.broken_by_case(acts, calc.Act("b", 1), policy, [duty])) is broken
    assert calc.broken_by_case(acts, calc.Act("b", 3), policy, [duty]) == []


def test_who_coordinated_a_case_does_not_decide_it(inside):
    acted = [("B02.case_control", 7), ("B02.sales_rep", 8)]
    with inside.test_request_context():
        assert people.conflicts("B02", acted, "B02.general_manager", 7)[0].clause.startswith("A12 3; B02")
        assert people.conflicts("B02", acted, "B02.general_manager", 8) == []
        assert people.conflicts("B02", acted, "B02.unknown", 7) == []


def test_what_the_trail_tells_keeps_a_person_from_the_next_step(inside):
    ann, row = find(Employee, number="ANN"), find(Customer, customer_no="C-S")
    with actor.acting_as(ann.account_id):
        audit.note(row, "move", "x", {"post": "B02.case_control"})
    life = SimpleNamespace(policy="B02")

    def kept(person, post):
        step = SimpleNamespace(
            whole=SimpleNamespace(record=row), lifecycle=life, access=SimpleNamespace(employee_id=person.id)
        )
        return [p.rule for p in people._kept_apart_on_case(step, access.Post(post, 1, "/1/"))]

    with inside.test_request_context():
        assert kept(ann, "B02.general_manager") == ["separation_of_duties"]
        assert kept(ann, "B02.case_control") == []
        assert kept(find(Employee, number="BOB"), "B02.general_manager") == []
        assert kept(ann, "") == []
