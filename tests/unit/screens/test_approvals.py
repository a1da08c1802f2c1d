"""The inbox as a page and as REST calls."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from flask_appbuilder.security.sqla.models import User

from app.areas.complaints.complaint import Complaint
from app.core import access, actor, clock
from app.core.db import session
from app.engines.people.models import Employee
from app.screens.approval_pane import waiting_card
from tests.portal import enter, portal, row_id, token
from tests.unit.screens.inbox_office import office, page, status_of

__all__ = ["office", "portal"]


def test_the_inbox_shows_the_case_why_it_came_and_what_to_do(office):
    text = page(enter(office, "manager"), "/approvals/?_l_=zh")
    for part in ("251007", "98,000.00", "251008", "建议赔付 251007", "（十一）", 'value="approve"', 'name="decision"'):
        assert part in text
    assert 'value="transfer"' in text
    assert "<em>2</em>" in text


def test_who_may_not_decide_sees_an_empty_inbox_and_no_pane(office):
    assert "251007" not in page(enter(office, "deputy"), "/approvals/")
    assert enter(office, "ann").get(f"/approvals/{office.steps['251007']}").status_code == 404


def test_deciding_on_the_page(office):
    client = enter(office, "manager")
    step = office.steps["251007"]
    refused = client.post(f"/approvals/{step}", data={"action": "approve", "comment": "好"})
    assert refused.status_code == 422
    assert "好" in refused.get_data(as_text=True)
    assert client.post(f"/approvals/{step}", data={"action": "reject"}).status_code == 422
    done = client.post(f"/approvals/{step}", data={"action": "approve", "decision": "赔付", "founded": "true"})
    assert done.status_code == 302
    assert status_of(office, "251007") == "decided"
    assert client.post(f"/approvals/{step}", data={"action": "reject", "comment": "不"}).status_code == 409
    assert "251007" in page(client, "/approvals/?view=done")


def test_files_go_with_an_opinion_and_are_open_to_who_reads_the_step(office):
    client, step = enter(office, "manager"), office.steps["251007"]
    refused = {"action": "reject", "files": (io.BytesIO(b"%PDF-1.4 x"), "草稿.pdf")}
    assert client.post(f"/approvals/{step}", data=refused).status_code == 422
    bad = {"action": "reject", "comment": "不同意", "files": (io.BytesIO(b"MZ\x90"), "坏.exe")}
    assert client.post(f"/approvals/{step}", data=bad).status_code == 422
    assert status_of(office, "251007") == "pending_decision", "with a wrong file nothing is decided"
    told = bad | {"files": (io.BytesIO(b"%PDF-1.4\n%%EOF"), "检验 报告.pdf")}
    assert client.post(f"/approvals/{step}", data=told).status_code == 302
    text = page(client, f"/approvals/{step}?view=done")
    assert "草稿.pdf" not in text
    ((url, name),) = re.findall(rf'href="(/approvals/{step}/file/\d+)"><svg.*?</svg>([^<]+)</a>', text)
    assert name == "检验 报告.pdf"
    got = client.get(url, buffered=True)
    assert (got.status_code, got.data) == (200, b"%PDF-1.4\n%%EOF")
    assert enter(office, "ann").get(url).status_code == 404
    assert client.get(url.replace(str(step), str(office.steps["251008"]), 1)).status_code == 404


def test_a_remark_with_a_file_decides_nothing_and_is_read_by_the_other_side(office):
    client, step = enter(office, "manager"), office.steps["251007"]
    assert client.post(f"/approvals/{step}", data={"action": "remark", "comment": " "}).status_code == 422
    told = {"action": "remark", "comment": "请补照片", "files": (io.BytesIO(b"%PDF-1.4\n%%EOF"), "样张.pdf")}
    assert client.post(f"/approvals/{step}", data=told).status_code == 302
    assert status_of(office, "251007") == "pending_decision"
    text = page(enter(office, "control"), f"/approvals/{step}")
    assert "请补照片" in text
    ((url, name),) = re.findall(r'href="(/approvals/\d+/file/\d+)"><svg.*?</svg>([^<]+)</a>', text)
    assert (name, client.get(url, buffered=True).status_code) == ("样张.pdf", 200)
    with office.app_context():
        case = row_id(Complaint, case_no="251007")
    assert "请补照片" in page(client, f"/complaint/{case}")
    assert enter(office, "ann").post(f"/approvals/{step}", data=told | {"files": []}).status_code == 404


def test_a_stale_page_decides_nothing(office):
    client = enter(office, "manager")
    step = office.steps["251007"]
    stale = {"action": "approve", "decision": "赔付", "row_version": "1"}
    with office.app_context():
        session.query(Complaint).filter_by(case_no="251007").one().title = "改过"
        session.commit()
    assert client.post(f"/approvals/{step}", data=stale).status_code == 409


def test_acts_with_fields_take_them_from_the_pressed_button(office):
    with office.app_context():
        deputy = row_id(Employee, number="DEPUTY")
    client, step = enter(office, "manager"), office.steps["251007"]
    missing = client.post(f"/approvals/{step}", data={"action": "transfer", "transfer__employee_id": ""})
    assert missing.status_code == 422
    given = {"action": "transfer", "transfer__employee_id": str(deputy), "add_signer__where": "before"}
    assert client.post(f"/approvals/{step}", data=given).status_code == 302
    assert "251007" in page(enter(office, "deputy"), "/approvals/")


def test_the_case_page_leads_to_the_decision_and_shows_the_course(office):
    with office.app_context():
        case = row_id(Complaint, case_no="251007")
    assert f"/approvals/{office.steps['251007']}" in page(enter(office, "manager"), f"/complaint/{case}")
    other = page(enter(office, "chief"), f"/complaint/{case}")
    assert f"/approvals/{office.steps['251007']}" not in other


def test_the_decider_has_one_button_and_it_stands_out(office):
    with office.app_context():
        case = row_id(Complaint, case_no="251007")
    text = page(enter(office, "manager"), f"/complaint/{case}?_l_=zh")
    head = text[: text.index('id="panel-main"')]
    assert head.count("核决</a>") == 1
    assert head.count("btn-primary") == 1
    assert f"/complaint/{case}/move/" not in head


def test_every_view_and_an_unknown_one(office):
    client = enter(office, "control")
    for view in ("todo", "done", "mine", "copies"):
        page(client, f"/approvals/?view={view}&policy=B02&register=complaint&text=25")
    assert "251007" in page(client, "/approvals/?view=mine")
    assert client.get("/approvals/?view=others").status_code == 400


def test_somebody_without_a_person_has_an_empty_inbox(office):
    assert "251007" not in page(enter(office, "root"), "/approvals/")


# -- REST --------------------------------------------------------------------------------------------------------------


def call(app, username, pk, action, **body):
    return app.test_client().post(f"/api/v1/approval/{pk}/{action}", json=body, headers=token(app, username))


def test_rest_lists_and_decides(office):
    answer = office.test_client().get("/api/v1/approval/inbox", headers=token(office, "manager"))
    assert [row["title"] for row in answer.json["result"]] == ["251007", "251008"]
    assert answer.json["count"] == 2
    step = office.steps["251007"]
    done = call(office, "manager", step, "approve", values={"decision": "赔付", "founded": True}, comment="可")
    assert (done.status_code, done.json["status"], done.json["request_status"]) == (200, "approved", "approved")
    assert status_of(office, "251007") == "decided"


def test_rest_explains_who_decides_and_why(office):
    with office.app_context():
        case = row_id(Complaint, case_no="251007")
    answer = office.test_client().get(f"/api/v1/complaint/{case}/explain", headers=token(office, "manager"))
    (told,) = answer.json["approvals"]
    assert (told["amount"], told["clause"], told["steps"][0]["post"]) == ("98000.00", "（十一）", "B02.sales_manager")
    assert [band["applies"] for band in told["authority"]["bands"]] == [True, False, False]


def test_rest_names_who_may_decide_and_the_clause(office):
    answer = call(office, "chief", office.steps["251007"], "approve", values={"decision": "x"})
    assert answer.status_code == 403
    (error,) = answer.json["errors"]
    assert error["clause"] == "（十一）"
    assert "manager" in error["message"]


@pytest.mark.parametrize(
    ("action", "body", "status"),
    [
        ("approve", {}, 422), ("approve", {"values": {"decision": "x", "status": "closed"}}, 422),
        ("approve", {"values": []}, 400), ("reject", {"comment": 1}, 400), ("dance", {}, 404),
        ("transfer", {}, 422), ("transfer", {"employee_id": "x"}, 422), ("transfer", {"employee_id": 999}, 422),
        ("return", {"comment": "x", "to": 5}, 422), ("delegate", {"employee_id": 1}, 422), ("copy", {}, 422),
        ("recuse", {}, 422), ("withdraw", {"comment": "x"}, 403), ("read", {}, 404),
    ],
)
def test_rest_refuses_what_does_not_fit(office, action, body, status):
    answer = call(office, "manager", office.steps["251007"], action, **body)
    assert answer.status_code == status, answer.json
    assert answer.json["errors"] or status == 404
    assert status_of(office, "251007") == "pending_decision"


def test_rest_of_every_other_act(office):
    with office.app_context():
        ids = {name: row_id(Employee, number=name.upper()) for name in ("deputy", "bob", "eve")}
    step, today = office.steps["251007"], clock.today()
    assert call(office, "manager", step, "copy", employee_ids=[ids["bob"]]).status_code == 200
    assert call(office, "control", step, "urge").status_code == 200
    period = {"employee_id": ids["bob"], "last": str(today + dt.timedelta(days=1)), "comment": "出差"}
    delegated = call(office, "manager", step, "delegate", **period)
    assert delegated.status_code == 200
    asked = call(office, "manager", step, "add_signer", employee_id=ids["eve"], where="after")
    assert asked.status_code == 200
    assert call(office, "manager", step, "recuse", comment="亲属").status_code == 200
    assert call(office, "control", office.steps["251008"], "withdraw", comment="重写").status_code == 200
    assert status_of(office, "251008") == "combined"


@pytest.mark.parametrize("pk", [0, 99999, 2**62])
def test_rest_knows_no_such_step(office, pk):
    assert call(office, "manager", pk, "approve").status_code == 404


def test_a_refused_hand_over_still_names_the_person(office):
    with office.app_context():
        amy = row_id(Employee, number="AMY")
    given = {"action": "transfer", "transfer__employee_id": str(amy)}
    refused = enter(office, "manager").post(f"/approvals/{office.steps['251007']}", data=given)
    assert refused.status_code == 422
    assert 'value="艾米"' in refused.get_data(as_text=True)


def test_the_workbench_can_show_what_waits(office):
    with office.test_request_context(), actor.acting_as(row_id(User, username="manager")):
        card = waiting_card(access.current(), 1)
        assert [row["id"] for row in card["rows"]] == ["251007"]
        assert "2" in card["total_text"]
    with office.test_request_context(), actor.acting_as(row_id(User, username="ann")):
        assert waiting_card(access.current(), 5) is None
