"""B02 （十四）: urge slips for late steps of open cases, inquiry slips for late steps of closed ones; overdue lists."""

from __future__ import annotations

import pytest

from tests.scenarios.desk import BOOKS, CONTROL, GENERAL, QC, RD, REP, at, sweep
from tests.scenarios.seats import hire
from tests.small import counted

BEHIND = "taoyong"


def late_at_quality(portal, desk):
    """A case that quality got on 30 September and still has on 10 October; the case."""
    with at("2025-09-30 09:00"):
        case = desk.accepted()
    with at("2025-09-30 10:00"):
        desk.as_(CONTROL).move(case, "send_to_qc")
    assert sweep(portal, "deadlines.due", "2025-10-09 00:05").counts["slips"] == 0
    assert sweep(portal, "deadlines.due", "2025-10-10 00:05").counts["slips"] == 1
    return case


def closed_late(portal, desk):
    """The same case, closed on time as a whole; the case."""
    case = late_at_quality(portal, desk)
    with at("2025-10-11 09:00"):
        desk.from_quality(case)
        desk.to_the_end(case)
    return case


def slips(desk, person=CONTROL):
    """The slips that a person sees."""
    return desk.as_(person).call("GET", "urge_slip/?order=slip_no")["result"]


def step(desk, person, slip, key, status=200, reason="", **values):
    """A step of a slip."""
    return desk.as_(person).call("POST", f"urge_slip/{slip}/move/{key}", status, values=values, reason=reason)


def test_b02_14_one_urge_slip_however_often_the_sweep_runs(portal, desk):
    case = late_at_quality(portal, desk)
    assert sweep(portal, "deadlines.due", "2025-10-10 00:05").counts["slips"] == 0
    assert sweep(portal, "deadlines.due", "2025-10-11 00:05").counts["slips"] == 0
    with at("2025-10-11 08:30"):
        [slip] = slips(desk, QC)
        number = desk.as_(QC).call("GET", f"complaint/{case}")["case_no"]
        assert (slip["slip_no"], slip["kind"], slip["status"]) == (f"{number}-C1", "urge", "issued")
        assert slip["_labels"]["post"] == "质量管理部"
        assert number in desk.as_(QC).client.get("/notices/").text


def test_the_holder_of_the_post_acknowledges_and_gives_the_cause(portal, desk):
    case = late_at_quality(portal, desk)
    with at("2025-10-10 09:00"):
        slip = slips(desk, QC)[0]["id"]
        page = desk.as_(QC).client.get(f"/urge_slip/{slip}").text
        assert "应于 2025-10-09 23:59 完成" in page
        assert "（十四）" in page
        assert f'href="/complaint/{case}"' in page
        assert f'href="/urge_slip/{slip}"' in desk.as_(QC).client.get(f"/complaint/{case}").text
        assert "/move/answer" not in desk.as_(CONTROL).client.get(f"/urge_slip/{slip}").text
        refused = step(desk, CONTROL, slip, "answer", 403, reply="x")
        assert (refused["errors"][0]["rule"], refused["errors"][0]["clause"]) == ("post", "（十四）")
        assert step(desk, QC, slip, "acknowledge")["status"] == "acknowledged"
        missing = step(desk, QC, slip, "answer", 422)
        assert missing["errors"][0]["field"] == "reply"
        assert step(desk, QC, slip, "answer", reply="切片设备故障，十一日完成")["status"] == "answered"
        assert step(desk, QC, slip, "settle", 403)["errors"][0]["rule"] == "post"
        assert "要求再次说明" not in desk.as_(QC).client.get("/notices/").text
        asked = step(desk, CONTROL, slip, "ask_again", reason="请附维修记录")
        assert asked["status"] == "issued"
        assert "请附维修记录" in desk.as_(QC).client.get("/notices/").text
        step(desk, QC, slip, "answer", reply="切片设备故障，附维修单 WX-0911")
        assert step(desk, CONTROL, slip, "settle")["status"] == "closed"
        history = desk.as_(CONTROL).client.get(f"/complaint/{case}").text
        assert "切片设备故障，附维修单 WX-0911" in history


def test_a_slip_is_printed_with_its_text_and_clause(portal, desk):
    late_at_quality(portal, desk)
    with at("2025-10-10 09:00"):
        slip = slips(desk)[0]
        paper = desk.as_(CONTROL).client.get(f"/urge_slip/{slip['id']}/print")
        assert paper.status_code == 200
        assert "催办单" in paper.text
        assert "请即处理并回复原因" in paper.text
        assert "B02 （十四）" in paper.text


@pytest.mark.parametrize("person", [RD, BEHIND])
def test_other_departments_do_not_see_the_slip(portal, desk, person):
    late_at_quality(portal, desk)
    with at("2025-10-10 09:00"):
        assert slips(desk, person) == []
        desk.as_(person).call("GET", f"urge_slip/{slips(desk)[0]['id']}", 404)


def test_a_closed_case_that_was_late_is_asked_about(portal, desk):
    case = closed_late(portal, desk)
    with at("2025-10-11 10:00"):
        proposed = next(slip for slip in slips(desk) if slip["kind"] == "inquiry")
        assert (proposed["status"], proposed["slip_no"][-3:]) == ("proposed", "-Q1")
        limit = desk.as_(CONTROL).call("GET", f"urge_slip/{proposed['id']}/explain")["clocks"]
        assert [clock["due_at"] for clock in limit] == ["2025-10-15T23:59:59+08:00"]
        step(desk, QC, proposed["id"], "answer", 404, reply="x")
        assert moves_of(desk, CONTROL, proposed["id"]) == ["issue"]
        assert step(desk, CONTROL, proposed["id"], "issue")["status"] == "issued"
        assert "-Q1" in desk.as_(QC).client.get("/notices/").text
        assert moves_of(desk, CONTROL, proposed["id"]) == []
        assert moves_of(desk, QC, proposed["id"]) == ["acknowledge", "answer"]
        step(desk, QC, proposed["id"], "answer", reply="国庆留守人员不足")
        step(desk, QC, proposed["id"], "settle", 403)
        assert moves_of(desk, CONTROL, proposed["id"]) == ["settle", "ask_again"]
        step(desk, CONTROL, proposed["id"], "settle")
        assert desk.as_(CONTROL).call("GET", f"complaint/{case}")["status"] == "closed"


def moves_of(desk, person, slip):
    """The steps that REST offers somebody."""
    return desk.as_(person).call("GET", f"urge_slip/{slip}")["_moves"]


def test_a_proposed_inquiry_is_seen_by_who_issues_it_alone(portal, desk):
    """Neither list nor page, print, search, export, the case nor a notice shows it to the department before."""
    case = closed_late(portal, desk)
    coordinator = hire(portal, "narrow", "HX-PC", "case_control", scope="unit")
    with at("2025-10-11 10:00"):
        slip = next(slip for slip in slips(desk, "narrow") if slip["kind"] == "inquiry")
        assert coordinator
        number, page = slip["slip_no"], f"/urge_slip/{slip['id']}"
        assert number in desk.as_(CONTROL).client.get(f"/complaint/{case}").text
        assert number not in {row["slip_no"] for row in slips(desk, QC)}
        for path in (page, f"{page}/print", f"/api/v1{page}", f"/api/v1{page}/explain", f"{page}/move/answer"):
            assert desk.as_(QC).client.get(path).status_code == 404, path
        for path in ("/urge_slip/", f"/complaint/{case}", "/notices/", "/"):
            assert number not in desk.as_(QC).client.get(path).text, path
        assert page not in desk.as_(QC).client.get(f"/find?q={number}").text
        step(desk, "narrow", slip["id"], "issue")
        assert number in desk.as_(QC).client.get(f"/complaint/{case}").text
        assert desk.as_(QC).client.get(page).status_code == 200


def test_an_inquiry_that_is_not_issued_in_time_is_late_itself(portal, desk):
    closed_late(portal, desk)
    sweep(portal, "deadlines.due", "2025-10-16 00:05")
    with at("2025-10-16 09:00"):
        slip = next(slip for slip in slips(desk) if slip["kind"] == "inquiry")["id"]
        [limit] = desk.as_(CONTROL).call("GET", f"urge_slip/{slip}/explain")["clocks"]
        assert limit["status"] == "breached"


def test_a_case_in_time_gets_neither_slip(portal, desk):
    with at("2025-09-10 10:00"):
        desk.closed(desk.accepted())
    sweep(portal, "deadlines.due", "2025-09-30 00:05")
    with at("2025-09-30 09:00"):
        assert slips(desk) == []


# -- reports ---------------------------------------------------------------------------------------------------------


def report(desk, key, person=CONTROL, status=200, **choice):
    """A report by REST."""
    query = "&".join(f"{name}={value}" for name, value in choice.items())
    return desk.as_(person).call("GET", f"report/B02.{key}?{query}", status)


def test_the_overdue_list_names_unit_post_days_and_slips(portal, desk):
    case = late_at_quality(portal, desk)
    with at("2025-10-13 09:00"):
        [line] = report(desk, "overdue")["result"]
        assert (line["id"], line["late_days"]) == (case, "2.1")
        assert (line["step"]["zh"], line["due"], line["sent"]) == ("质管部追查", "2025-10-09T23:59:59+08:00", None)
        assert [slip["status"] for slip in line["slips"]] == ["issued"]
        assert report(desk, "overdue", month="2025-09")["result"] == []
        assert len(report(desk, "overdue", month="2025-10")["result"]) == 1
        assert report(desk, "overdue", unit=desk.section)["result"] == []
        assert len(report(desk, "overdue", post="B02.qc")["result"]) == 1
        assert report(desk, "overdue", post="B02.rd")["result"] == []
        page = desk.as_(GENERAL).client.get("/reports/B02.overdue").text
        assert all(text in page for text in ("质量管理部", "-C1", "（十四）", f'href="/complaint/{case}"'))
        assert "-C1" in desk.as_(GENERAL).client.get("/reports/B02.overdue/print").text


def test_a_step_finished_late_stays_on_the_list_of_its_month(portal, desk):
    closed_late(portal, desk)
    with at("2025-10-20 09:00"):
        [line] = report(desk, "overdue")["result"]
        assert (line["sent"], line["late_days"]) == ("2025-10-11T09:00:00+08:00", "1.1")
        assert [slip["slip_no"][-3:] for slip in line["slips"]] == ["-C1", "-Q1"]
    with at("2025-11-03 09:00"):
        assert report(desk, "overdue")["result"] == []
        assert len(report(desk, "overdue", month="2025-10")["result"]) == 1


def test_the_tracking_table_shows_every_step_received_and_sent_on(portal, desk):
    case = late_at_quality(portal, desk)
    with at("2025-10-10 09:00"):
        [line] = report(desk, "case_tracking")["result"]
        assert (line["id"], line["urged"], line["status"]) == (case, 1, "qc")
        register, quality = line["B02.step_register"], line["B02.step_qc"]
        assert (register["received"], register["sent"], register["late_days"]) == (
            "2025-09-30T09:00:00+08:00", "2025-09-30T10:00:00+08:00", None,
        )  # fmt: skip
        assert quality["received"] == "2025-09-30T10:00:00+08:00"
        assert (quality["sent"], quality["late_days"]) == (None, "0.1")
        assert "B02.step_rd" in line
        assert line["B02.step_rd"] is None
    with at("2025-10-11 09:00"):
        desk.from_quality(case)
        desk.to_the_end(case)
    with at("2025-10-12 09:00"):
        assert report(desk, "case_tracking")["result"] == []
        assert [row["id"] for row in report(desk, "case_tracking", month="2025-09")["result"]] == [case]


def test_a_report_is_for_its_readers_and_shows_their_rows_only(portal, desk):
    with at("2025-09-10 10:00"):
        desk.closed(desk.accepted())
        his = desk.as_("linjiahao").call("GET", "customer/")["result"][0]["id"]
        other = desk.as_("linjiahao").call("POST", "complaint/", 201, **desk.intake(customer_id=his))["id"]
        desk.as_("linjiahao").move(other, "submit")
        desk.as_(CONTROL).move(other, "accept")
        report(desk, "overdue", REP, 403)
        refused = report(desk, "overdue", QC, 403)
        assert (refused["errors"][0]["rule"], refused["errors"][0]["clause"]) == ("audience", "（十四）")
        desk.as_(CONTROL).call("GET", "report/B02.nothing", 404)
        seen = report(desk, "case_tracking", QC)["result"]
        assert [line["id"] for line in seen] == []
        assert [line["id"] for line in report(desk, "case_tracking", GENERAL)["result"]] == [other]
        assert desk.as_(BOOKS).client.get("/reports/B02.overdue").status_code == 403


@pytest.mark.parametrize(("name", "value"), [("month", "2025-13"), ("month", "x"), ("unit", "abc"), ("unit", "-1")])
def test_a_choice_that_makes_no_sense_is_a_sentence(portal, desk, name, value):
    with at("2025-10-13 09:00"):
        refused = report(desk, "overdue", status=400, **{name: value})
        assert refused["errors"][0]["field"] == name


def test_a_report_costs_the_same_however_many_cases_it_lists(portal, desk):
    costs = {}
    with at("2025-09-30 09:00"):
        for number in (1, 4):
            while len(report(desk, "case_tracking")["result"]) < number:
                desk.accepted()
            for key in ("case_tracking", "overdue", "monthly_statistics"):
                with portal.app_context(), counted() as sent:
                    report(desk, key, month="2025-09")
                costs.setdefault(key, []).append(len(sent))
    assert all(few == many for few, many in costs.values()), costs
