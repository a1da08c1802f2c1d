"""A risen amount goes to the higher post, and what that does to a decision."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.core import moves
from app.core.errors import Conflict, Forbidden
from app.engines.approvals import operations as approvals
from app.engines.people import operations as people
from tests.unit.engines.approvals.conftest import acting, complaint, find, routed, unit, waiting

# -- a risen amount ----------------------------------------------------------------------------------------------------


def test_98000_to_102000_goes_to_the_deputy_general_manager(company):
    case, step = routed("98000")
    first = approvals.latest(case, "decision")
    with acting("control"):
        moves.move(case, "correct", values={"proposed_settlement_amount": Decimal(102000)})
    assert (first.status, step.status) == ("superseded", "skipped")
    assert [s.post for s in waiting(case)] == ["B02.deputy_gm"]
    with acting("manager"), pytest.raises(Conflict):
        approvals.decide(step.id, "approve", values={"decision": "x"})


def test_a_decided_case_comes_back_when_the_amount_rises(company):
    case, step = routed("98000")
    with acting("manager"):
        approvals.decide(step.id, "approve", values={"decision": "x"})
    first = approvals.latest(case, "decision")
    with acting("control"):
        moves.move(case, "note_amount", values={"proposed_settlement_amount": Decimal(102000)})
    assert (case.status, first.status) == ("pending_decision", "withdrawn")
    assert first.reason
    assert [s.post for s in waiting(case)] == ["B02.deputy_gm"]


def test_put_forward_again_withdraws_the_decision(company):
    case, step = routed("98000")
    with acting("manager"):
        approvals.decide(step.id, "approve", values={"decision": "x"})
    first = approvals.latest(case, "decision")
    with acting("control"):
        moves.move(case, "revise", values={"proposed_settlement_amount": Decimal(160000)})
    assert first.status == "withdrawn"
    assert [s.post for s in waiting(case)] == ["B02.general_manager"]


@pytest.mark.parametrize(("before", "after"), [("160000", "90000"), ("98000", "99000")])
def test_a_fallen_amount_or_one_in_the_band_changes_no_decider(company, before, after):
    case, step = routed("10", before)
    with acting("control"):
        moves.move(case, "correct", values={"proposed_settlement_amount": Decimal(after)})
    request = approvals.latest(case, "decision")
    assert (step.status, request.status, request.amount) == ("open", "open", Decimal(after))


def test_a_case_that_went_on_otherwise_leaves_no_request_behind(company):
    case, step = routed()
    case.status = "decided"
    life, now = moves.lifecycle_of(case), people.clock.now()
    with acting("control"):
        moves.announce(moves.Moved(
            case, case.register, life, None, "elsewhere", "decided", {}, "", now, None, None, moves.whole_of(case),
        ))
    assert (approvals.latest(case, "decision").status, step.status) == ("withdrawn", "skipped")



def test_who_coordinated_the_case_does_not_decide_it_as_general_manager(company):
    people.give(find("control"), "general_manager", unit("O"), post="B02.general_manager")
    people.give(find("clerk"), "case_coordinator", unit("O"), post="B02.case_control")
    case = complaint("200000")
    with acting("clerk"):
        moves.move(case, "route")
    with acting("control"):
        moves.move(case, "correct", values={"proposed_settlement_amount": Decimal(190000)})
        with pytest.raises(Forbidden) as late:
            approvals.decide(waiting(case)[0].id, "approve", values={"decision": "x"})
    assert late.value.problems[0].rule == "separation_of_duties"
    with acting("clerk"):
        moves.move(case, "pull")
        moves.move(case, "route")
    with acting("control"), pytest.raises(Forbidden) as barred:
        approvals.decide(waiting(case)[0].id, "approve", values={"decision": "x"})
    assert barred.value.problems[0].rule == "recusal"
    with acting("gm"):
        approvals.decide(waiting(case)[0].id, "approve", values={"decision": "x"})
    assert case.status == "decided"
