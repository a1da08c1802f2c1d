"""Stations that ask a post as it is held in the unit that a field names, or above it."""

from __future__ import annotations

import pytest

from app.core.db import session
from app.core.errors import Forbidden, NotFound
from app.engines.approvals import operations as approvals
from app.engines.approvals import standing
from app.engines.people import operations as people
from app.engines.people.models import OrgUnit
from app.engines.people.seats import units_above
from tests.unit.engines.approvals.conftest import acting, complaint, find, hire, unit, waiting


@pytest.fixture
def two_heads(company):
    """The post is held in two departments, and a section lies below each."""
    person = hire("rd2", "另一人", unit("S"))
    people.give(person, "responsible_department", unit("S"), post="B02.rd")
    for code, above in (("Q1", "Q"), ("S1", "S"), ("O1", "O")):
        session.add(OrgUnit(code=code, name=code, kind="section", parent_id=unit(above).id))
    session.flush()


def asked(code):
    """Who is asked about a case of a unit."""
    case = complaint()
    case.responsible_unit_id = unit(code).id
    with acting("control"):
        request = approvals.open_request(case, "in_unit")
    (step,) = waiting(case, "in_unit")
    return request, step


@pytest.mark.parametrize(("code", "who"), [("Q", "rd"), ("Q1", "rd"), ("S", "rd2"), ("S1", "rd2")])
def test_the_nearest_holder_decides_and_the_other_may_not(two_heads, code, who):
    request, step = asked(code)
    assert standing.deciders(step, request) == [find(who).id]
    other = {"rd": "rd2", "rd2": "rd"}[who]
    with acting(other), pytest.raises((Forbidden, NotFound)):
        approvals.decide(step.id, "approve")
    with acting(who):
        assert approvals.decide(step.id, "approve").status == "approved"


def test_where_nobody_above_holds_the_post_every_holder_is_asked(two_heads):
    request, step = asked("O1")
    assert set(standing.deciders(step, request)) == {find("rd").id, find("rd2").id}


def test_a_recused_holder_is_stood_in_for_by_the_same_post_above_then_by_an_executive(two_heads):
    section = session.query(OrgUnit).filter_by(code="Q1").one()
    below = hire("rd3", "课长", section)
    people.give(below, "responsible_department", section, post="B02.rd")
    request, step = asked("Q1")
    place = ("complaint", request.record_id, "in_unit")
    standing.bar(place, [below.id], "self", "x")
    assert standing.assign(step, request).employee_id == find("rd").id
    standing.bar(place, [find("rd").id], "self", "x")
    assert standing.assign(step, request).employee_id in {find(name).id for name in ("plant", "deputy", "gm")}


def test_units_above_are_counted_from_the_nearest_up_to_the_adopter(two_heads):
    within = people.path_of(unit("C").id)
    assert units_above(unit("Q1").id, within) == [unit("Q1").id, unit("Q").id, unit("C").id]
