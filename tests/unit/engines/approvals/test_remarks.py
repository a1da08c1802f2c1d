"""Remarks on a request: they decide nothing, and whoever takes part hears of them."""

from __future__ import annotations

import pytest

from app.core import access
from app.core.errors import Forbidden, NotFound, Refusal
from app.engines.approvals import inbox
from app.engines.approvals import operations as approvals
from app.engines.notifications import operations as notifications
from tests.unit.engines.approvals.conftest import acting, find, routed, shape


def heard(username):
    return [notice.sentence for notice in notifications.notices(find(username).id) if "remarks on" in notice.sentence]


def test_a_remark_decides_nothing_and_is_heard_by_who_takes_part(company):
    case, step = routed()
    with acting("manager"):
        asked = approvals.remark(step.id, " 请补切片照片 ")
    assert shape(case, "decision") == [(1, "sales_manager", "open"), (1, "", "remarked")]
    assert (asked.comment, asked.decided_by_id, step.status) == ("请补切片照片", None, "open")
    assert heard("control") == ["宋志伟 remarks on “251007”: 请补切片照片"]
    assert (heard("manager"), heard("deputy")) == ([], [])
    with acting("control"):
        approvals.remark(asked.id, "已补")
    assert len(heard("manager")) == 1
    with acting("manager"):
        approvals.decide(step.id, "approve", values={"decision": "x"})
    assert approvals.latest(case, "decision").status == "approved"


def test_who_takes_no_part_remarks_on_nothing(company):
    _case, step = routed()
    with acting("gm"), pytest.raises(Forbidden) as refused:
        approvals.remark(step.id, "我也说一句")
    assert refused.value.problems[0].clause == "（十一）"
    with acting("stranger"), pytest.raises(NotFound):
        approvals.remark(step.id, "听说了")
    with acting("manager"):
        with pytest.raises(Refusal) as empty:
            approvals.remark(step.id, "  ")
        with pytest.raises(NotFound):
            approvals.remark(0, "无此步骤")
    assert (empty.value.problems[0].field, heard("control")) == ("comment", [])


def test_a_remark_lets_nobody_in_and_shows_no_step_of_its_own(company):
    case, step = routed()
    with acting("control"):
        approvals.remark(step.id, "急件")
        (mine,) = inbox.items("mine", access.current())
        assert inbox.faces([mine.request]) == {mine.request.id: step.id}
        assert inbox.count("copies", access.current()) == 0
    request = approvals.latest(case, "decision")
    request.owner_id, case.owner_id = find("rep").id, find("rep").id
    with acting("control"), pytest.raises(NotFound):
        approvals.remark(step.id, "又一句")
