"""Handing over, delegating, copying, urging, standing back, taking back, timing out, and the inbox."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.core import access, clock, moves
from app.core.db import session
from app.core.errors import Conflict, Forbidden, NotFound, Refusal
from app.engines.approvals import inbox
from app.engines.approvals import operations as approvals
from app.engines.approvals.models import Approval, ApprovalRequest
from app.engines.approvals.sweeps import end_waits
from app.engines.notifications import operations as notifications
from app.engines.people import operations as people
from tests.small import counted
from tests.unit.engines.approvals.conftest import PEOPLE, acting, find, routed, shape, steps, unit, waiting

DAY = dt.timedelta(days=1)


def todo(username):
    with acting(username):
        return [item.step.id for item in inbox.items("todo", access.current())]


# -- handing over ------------------------------------------------------------------------------------------------------


def test_a_step_is_handed_over_to_a_higher_post(company):
    case, step = routed()
    with acting("manager"):
        after = approvals.transfer(step.id, find("deputy").id, "请代核")
    assert shape(case, "decision") == [(1, "sales_manager", "transferred"), (1, "sales_manager", "open")]
    assert (step.decided_by_id, after.employee_id, after.original_employee_id) == (
        None,
        find("deputy").id,
        find("manager").id,
    )
    with acting("manager"), pytest.raises(Forbidden):
        approvals.decide(after.id, "approve", values={"decision": "x"})
    with acting("deputy"):
        approvals.decide(after.id, "approve", values={"decision": "x"})
    assert after.decided_by_id == find("deputy").id


@pytest.mark.parametrize("username", ["clerk", "rd", "rep", "control", "manager", "stranger"])
def test_a_step_is_not_handed_to_who_lacks_the_authority(company, username):
    _case, step = routed()
    with acting("manager"), pytest.raises(Refusal):
        approvals.transfer(step.id, find(username).id)


def test_a_hand_over_goes_back_when_its_time_is_over(company):
    case, step = routed()
    with acting("manager"):
        approvals.transfer(step.id, find("deputy").id, due_at=clock.now() + DAY)
    assert [batch.counts["hit"] for batch in end_waits(clock.now())] == []
    with clock.freeze(clock.now() + 2 * DAY):
        assert [batch.counts["hit"] for batch in end_waits(clock.now())] == [1]
        assert list(end_waits(clock.now())) == []
    assert [state for _at, _post, state in shape(case, "decision")] == ["transferred", "timed_out", "open"]
    assert todo("manager") == [waiting(case)[0].id]
    assert todo("deputy") == []


def test_a_wait_cannot_end_in_the_past(company):
    _case, step = routed()
    with acting("manager"), pytest.raises(Refusal):
        approvals.transfer(step.id, find("deputy").id, due_at=clock.now() - DAY)


def test_an_added_signer_out_of_time_is_passed_over(company):
    case, step = routed()
    with acting("manager"):
        approvals.add_signer(step.id, find("plant").id, before=True, due_at=clock.now() + DAY)
    list(end_waits(clock.now() + 2 * DAY))
    assert [state for _at, _post, state in shape(case, "decision")] == ["timed_out", "open"]


def test_delegating_names_a_deputy_for_that_post_and_time(company):
    _case, step = routed()
    today = clock.today()
    with acting("manager"):
        made = approvals.delegate(step.id, find("clerk").id, today, today + DAY, "出差")
    assert made.only == ["B02.sales_manager"]
    assert todo("clerk") == todo("manager") == [step.id]
    with acting("clerk"), pytest.raises(Refusal):
        approvals.delegate(step.id, find("plant").id, today, today, "再委")
    with clock.freeze(clock.now() + 3 * DAY):
        assert todo("clerk") == []


def test_a_recused_person_is_no_deputy(company):
    _case, step = routed()
    with acting("manager"), pytest.raises(Refusal):
        approvals.delegate(step.id, find("rep").id, clock.today(), clock.today(), "出差")


# -- copies, urging, taking back ---------------------------------------------------------------------------------------


def test_a_copy_is_read_and_not_decided(company):
    _case, step = routed()
    with acting("manager"):
        (copy,) = approvals.copy_to(step.id, [find("plant").id, find("plant").id])
        assert approvals.copy_to(step.id, [find("plant").id]) == []
    with acting("plant"):
        assert inbox.count("copies", access.current()) == 1
        with pytest.raises(Forbidden):
            approvals.decide(copy.id, "approve")
        approvals.mark_read(copy.id)
        assert inbox.count("copies", access.current()) == 0
        assert [item.step.id for item in inbox.items("copies", access.current())] == [copy.id]
    assert (copy.status, copy.decided_by_id) == ("read", None)
    with acting("gm"), pytest.raises(NotFound):
        approvals.mark_read(copy.id)


def test_urging_once_an_hour(company):
    case, _step = routed()
    request = approvals.latest(case, "decision")
    with acting("control"):
        approvals.urge(request.id)
        with pytest.raises(Refusal) as refused:
            approvals.urge(request.id)
        assert refused.value.problems[0].rule == "once_per_hour"
        with clock.freeze(clock.now() + dt.timedelta(hours=1)):
            approvals.urge(request.id)
    assert len(notifications.notices(find("manager").id)) == 3
    with acting("gm"), pytest.raises(Forbidden):
        approvals.urge(request.id)


def test_the_opener_takes_it_back_before_anybody_decides(company):
    case, step = routed()
    request = approvals.latest(case, "decision")
    with acting("manager"), pytest.raises(Forbidden):
        approvals.withdraw(request.id, "x")
    with acting("control"):
        with pytest.raises(Refusal):
            approvals.withdraw(request.id, " ")
        approvals.withdraw(request.id, "金额写错")
    assert (case.status, request.status, step.status) == ("combined", "withdrawn", "skipped")
    with acting("control"):
        moves.move(case, "route")
    assert len(waiting(case)) == 1


def test_after_an_answer_nothing_is_taken_back(company):
    from tests.unit.engines.approvals.conftest import countersigned

    case = countersigned()
    with acting("qc"):
        approvals.decide(waiting(case)[0].id, "approve")
    with acting("control"), pytest.raises(Refusal) as refused:
        approvals.withdraw(approvals.latest(case, "signing").id, "x")
    assert "罗建国" in str(refused.value)


# -- standing back -----------------------------------------------------------------------------------------------------


def test_standing_back_asks_the_next_holder(company):
    people.give(find("clerk"), "sales_manager", unit("S"), post="B02.sales_manager")
    case, step = routed()
    with acting("manager"):
        approvals.recuse(step.id, "客户是亲属")
    assert (step.status, step.employee_id, step.decided_by_id) == ("recused", find("manager").id, None)
    after = waiting(case)[0]
    assert after.employee_id is None
    assert todo("manager") == []
    assert todo("clerk") == [after.id]
    with acting("manager"), pytest.raises(Forbidden):
        approvals.decide(after.id, "approve", values={"decision": "x"})


def test_standing_back_asks_the_superior_when_nobody_else_holds_the_post(company):
    case, step = routed()
    with acting("manager"):
        approvals.recuse(step.id, "客户是亲属")
    assert waiting(case)[0].employee_id == find("deputy").id


def test_standing_back_is_refused_when_nobody_would_be_left(company):
    _case, step = routed("200000")
    with acting("gm"), pytest.raises(Refusal) as refused:
        approvals.recuse(step.id, "客户是亲属")
    assert "陈国栋" in str(refused.value)


def test_a_recusal_outlives_the_request(company):
    case, step = routed()
    with acting("manager"):
        approvals.recuse(step.id, "客户是亲属")
    with acting("control"):
        moves.move(case, "pull")
        moves.move(case, "route")
    assert waiting(case)[0].employee_id == find("deputy").id


def test_an_added_signer_may_stand_back(company):
    case, step = routed()
    with acting("manager"):
        added = approvals.add_signer(step.id, find("plant").id, before=True)
    with acting("plant"):
        approvals.recuse(added.id, "不相干")
    assert [state for _at, _post, state in shape(case, "decision")] == ["recused", "open"]


# -- the inbox ---------------------------------------------------------------------------------------------------------


def test_only_those_who_may_decide_have_it_in_their_inbox(company):
    _case, step = routed()
    assert {name: todo(name) for name in PEOPLE} == {name: [step.id] if name == "manager" else [] for name in PEOPLE}


def test_the_views_of_an_inbox(company):
    case, step = routed()
    with acting("control"):
        assert [item.request.title for item in inbox.items("mine", access.current())] == ["251007"]
    with acting("manager"):
        approvals.decide(step.id, "approve", values={"decision": "x"})
        mine = access.current()
        assert [item.step.id for item in inbox.items("done", mine)] == [step.id]
        assert [inbox.count(view, mine) for view in inbox.VIEWS] == [0, 1, 0, 0]
    assert steps(case, "decision")[0].status == "approved"


def test_filters_narrow_a_view(company):
    _case, _step = routed()
    with acting("manager"):
        person = access.current()
        for filters, found in (
            (inbox.Filters(register="complaint"), 1),
            (inbox.Filters(register="petition"), 0),
            (inbox.Filters(policy="B02", text="2510"), 1),
            (inbox.Filters(text="99"), 0),
        ):
            assert len(inbox.items("todo", person, filters)) == found


def test_the_inbox_is_one_statement_on_an_index(company):
    routed()
    with acting("manager"):
        person = access.current()
        with counted() as sent:
            inbox.items("todo", person)
    assert len(sent) == 1
    query = sa.select(Approval.id).join(ApprovalRequest, Approval.request_id == ApprovalRequest.id)
    query = query.where(inbox.waiting_for(person))
    if session.get_bind().dialect.name == "sqlite":
        text = str(query.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
        plan = " ".join(row[3] for row in session.execute(sa.text(f"EXPLAIN QUERY PLAN {text}")))
        assert "SCAN approval " not in plan
        assert "USING INDEX ix_approval_" in plan


def test_somebody_without_a_person_sees_nothing(company):
    assert inbox.items("todo", access.Access(user_id=1, everything=True)) == []
    assert inbox.count("mine", access.Access()) == 0


def test_answering_a_closed_step_says_what_became_of_it(company):
    case, step = routed()
    with acting("control"):
        moves.move(case, "pull")
    with acting("manager"), pytest.raises(Conflict):
        approvals.transfer(step.id, find("deputy").id)
