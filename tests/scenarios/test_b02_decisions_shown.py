"""B02 decided, on the screens: each step of the route, and rules of conduct where they count."""

from __future__ import annotations

import sqlalchemy as sa

from app.core.db import session
from app.engines.people.models import Employee
from tests.scenarios.desk import CONTROL, DEPUTY, MANAGER, OFFICE, QC, REP, at
from tests.scenarios.talks import DAY, mine, pending, row

# -- screens -----------------------------------------------------------------------------------------


def test_a_case_is_decided_on_the_screens(desk, portal):
    """The decider opens his inbox, forgets a field, keeps what he typed, and decides."""
    with at(DAY):
        case = pending(desk)
        step = mine(desk, MANAGER, case)
        client = desk.as_(MANAGER).client
        page = client.get(f"/approvals/{step}")
        assert page.status_code == 200
        assert "98,000.00" in page.text
        assert "（十一）" in page.text
        gap = {"action": "approve", "decision": "照办", "decided_amount": "1.00"}
        short = client.post(f"/approvals/{step}", data=gap)
        assert short.status_code == 422
        assert "照办" in short.text
        full = {"action": "approve", "decision": "照办", "founded": "true", "decided_amount": "90000"}
        assert client.post(f"/approvals/{step}", data=full).status_code == 302
        shown = row(desk, case)
        assert (shown["status"], shown["decided_amount"]) == ("decided", "90000.00")
        with portal.app_context():
            decider = session.scalars(sa.select(Employee.name).filter_by(id=shown["decided_by_id"])).one()
        assert decider == "宋志伟"


def test_each_step_of_the_route_on_its_screen(desk):
    """The buttons that the page offers are the steps, and a refused one names the field and keeps the text."""
    with at(DAY):
        case = desk.accepted()
        page = desk.as_(CONTROL).client.get(f"/complaint/{case}").text
        assert f"/complaint/{case}/move/send_to_qc" in page
        assert desk.as_(CONTROL).client.post(f"/complaint/{case}/move/send_to_qc").status_code == 302
        form = desk.as_(QC).client.get(f"/complaint/{case}/move/judge")
        assert 'name="qc_cause"' in form.text
        assert 'name="countermeasure"' not in form.text
        bare = desk.as_(QC).client.post(f"/complaint/{case}/move/judge", data={"qc_cause": "回温不足"})
        assert bare.status_code == 422
        assert "回温不足" in bare.text
        place = {"responsible_unit_id": desk.section, "production_unit_id": desk.section}
        data = {"qc_cause": "回温不足", "category": "quality"} | place
        assert desk.as_(QC).client.post(f"/complaint/{case}/move/judge", data=data).status_code == 302
        assert desk.as_(OFFICE).client.get(f"/complaint/{case}").status_code == 404
        assert desk.as_(CONTROL).client.get(f"/complaint/{case}/move/analyse").status_code == 403


def test_rules_of_conduct_stand_where_they_count(desk):
    """Beside the form while it is filled, and on the page of whoever has the case; the clause goes with them."""
    with at(DAY):
        assert desk.as_(REP).client.get("/complaint/add").text.count("取回异常样品") == 1
        case = pending(desk)
        desk.decided(case)
        told = "立即将处理结果有礼貌地向客户说明"
        assert told in desk.as_(REP).client.get(f"/complaint/{case}").text
        for account in (CONTROL, QC, DEPUTY):
            assert told not in desk.as_(account).client.get(f"/complaint/{case}").text
        assert told not in desk.as_(REP).client.get(f"/complaint/{desk.accepted()}").text
