"""Part two of D01: each household visited in its quarter and year, meetings, events, surveys, plans, through HTTP."""

from __future__ import annotations

import pytest

from tests.scenarios.d01_desk import (
    DIRECTOR,
    OFFICE,
    OFFICER,
    OTHER_AREA,
    REPAIR,
    STAFF,
    Estate,
    at,
    rules,
    stamp,
    sweep,
)

POLICY = "D01"
RESIDENT = "xuguoan"
OWED = ("1-0301", "1-0902", "2-1104")


@pytest.fixture
def estate(sign_in) -> Estate:
    """The estate at work since the first of September 2025."""
    with at("2025-09-01 09:00"):
        return Estate(sign_in)


def listed(estate: Estate, key: str, period: str, who: str = DIRECTOR) -> dict[str, int]:
    """Household numbers that a report lists for somebody, with how often each was visited."""
    found = estate.as_(who).call("GET", f"report/D01.{key}?period={period}")["result"]
    return {row["household_no"]: row["done_times"] for row in found}


def test_d01_4_the_last_day_of_the_quarter_counts(estate, portal):
    """D01-4: a household visited on 30 September is not listed on 1 October; the others are, and officers know."""
    with at("2025-09-16 07:59"):
        assert set(listed(estate, "officer_visits", "2025-Q3")) == {*OWED, "5-0603", "6-1501"}
    sweep(portal, "reports.remind", "2025-09-16 08:00")
    sweep(portal, "reports.remind", "2025-09-17 08:00")
    with at("2025-09-30 23:59:59"):
        estate.visited("2025-09-30 23:59:59", "JY-1-0301")
        assert set(listed(estate, "officer_visits", "2025-Q3", OFFICER)) == {"1-0902", "2-1104"}
        notices = estate.as_(OFFICER).client.get("/notices/").text
        assert notices.count("“季度未回访住户”：还有 3 条未完成，截至 2025-09-30") == 1
    sweep(portal, "reports.keep", "2025-10-01 00:00")
    with at("2025-10-01 00:01"):
        kept = estate.rows(DIRECTOR, "report_snapshot", report="D01.officer_visits")
        assert [(row["period"], row["status"]) for row in kept] == [("2025-Q3", "listed")]
        page = estate.as_(OFFICER).client.get(f"/report_snapshot/{kept[0]['id']}").text
        assert "1-0902" in page
        assert "1-0301" not in page
        assert "5-0603" not in page, "another area's household"
        assert "2025-Q3" in estate.as_(OTHER_AREA).client.get("/notices/").text
        assert set(listed(estate, "officer_visits", "2025-Q4")) == {*OWED, "5-0603", "6-1501"}
        estate.as_(REPAIR).call("GET", "report/D01.officer_visits", 403)


def test_the_office_manager_visits_once_or_twice_a_year(estate, portal):
    """2.2(1): at home, at least once and at most twice; an officer's visit and a call do not count for it."""
    with at("2025-12-30 10:00"):
        for _time in range(3):
            estate.visited("2025-12-30 10:00", "JY-1-0301", OFFICE)
        estate.visited("2025-12-30 10:00", "JY-1-0902", OFFICE)
        estate.visited("2025-12-30 10:00", "JY-2-1104", OFFICE, method="phone")
        estate.visited("2025-12-30 10:00", "JY-5-0603", OTHER_AREA)
        found = listed(estate, "manager_visits", "2025", OFFICE)
        assert found == {"1-0301": 3, "2-1104": 0, "5-0603": 0, "6-1501": 0}
    sweep(portal, "reports.keep", "2026-01-01 00:00")
    with at("2026-01-01 00:01"):
        kept = estate.rows(OFFICE, "report_snapshot", report="D01.manager_visits")
        assert [row["period"] for row in kept] == ["2025"]


@pytest.mark.parametrize("held", [True, False])
def test_d01_5_a_meeting_in_each_half_year(estate, portal, held):
    """D01-5: held on 31 December it is met; without one the second half-year is late at the first second of January."""
    sweep(portal, "tasks.open", "2025-09-02 00:10")
    sweep(portal, "tasks.open", "2025-09-03 00:10")
    with at("2025-12-31 20:00"):
        rows = estate.rows(OFFICE, "customer_event", kind="symposium")
        assert [(row["period"], row["due_on"], row["status"]) for row in rows] == [("2025-H2", "2025-12-31", "planned")]
        meeting = rows[0]["id"]
        clock = estate.clocks(meeting, "customer_event")["symposium"]
        assert clock["due_at"] == "2025-12-31T23:59:59+08:00"
        told = {"attended": 31, "content": "停车与绿化", "opinions": "增设充电位"}
        early = estate.step(OFFICE, "customer_event", meeting, "hold_symposium", 422,
                            held_at=stamp("2025-06-30 19:00"), **told)  # fmt: skip
        assert ("held_at", "not_before") in rules(early)
        if held:
            done = estate.step(OFFICE, "customer_event", meeting, "hold_symposium",
                               held_at=stamp("2025-12-31 19:00"), **told)  # fmt: skip
            assert done["status"] == "held"
    sweep(portal, "deadlines.due", "2026-01-01 00:00")
    with at("2026-01-01 00:01"):
        found = estate.clocks(meeting, "customer_event")["symposium"]["status"]
        assert found == ("met" if held else "breached")
        told_director = "半年座谈会" in estate.as_(DIRECTOR).client.get("/notices/").text
        assert told_director is not held
    sweep(portal, "tasks.open", "2026-01-01 00:10")
    with at("2026-01-01 09:00"):
        rows = estate.rows(OFFICE, "customer_event", kind="symposium")
        assert [row["period"] for row in rows] == ["2025-H2", "2026-H1"]


def test_part_two_in_the_order_of_its_clauses(estate, portal):
    """1.1, 1.7, 2.1(1), 2.2(4), 2.2(5): published, received, planned, celebrated, asked, summed up."""
    sweep(portal, "tasks.open", "2025-09-02 00:10")
    with at("2025-09-02 09:00"):
        point = estate.made("notice", kind="contact_point", title="投诉公示", office="服务中心一楼")
        lacking = estate.step(OFFICE, "notice", point, "publish", 422, phone="025-55660119")
        assert rules(lacking) == {("published_where", "required")}
        estate.step(OFFICE, "notice", point, "publish", phone="025-55660119", published_where="门厅公告栏")
        assert estate.as_(OFFICER).call("GET", f"notice/{point}")["notice_no"] == "GS-2025-001"
        peers = estate.made("customer_event", STAFF, kind="peer_visit", title="同行参观")
        told = {"held_at": stamp("2025-09-02 09:00"), "attended": 12, "person_id": estate.person["庞莉"]}
        assert ("guest_company", "required") in rules(
            estate.step(STAFF, "customer_event", peers, "receive", 422, **told))
        estate.step(STAFF, "customer_event", peers, "receive", guest_company="和苑物业", result="互相学习", **told)
        plans = {row["person_id"]: row for row in estate.rows(OFFICE, "visit_campaign")}
        assert set(plans) == {estate.person[name] for name in ("苗琴", "郝军", "聂芸")}
        plan = plans[estate.person["苗琴"]]["id"]
        estate.step(OFFICE, "visit_campaign", plan, "begin", planned_visits=4)
        estate.visited("2025-09-02 09:00", "JY-1-0902")
        estate.visited("2025-09-02 09:00", "JY-1-0902", answered=False, promised_at=stamp("2025-09-03 17:00"))
        shown = estate.as_(OFFICE).call("GET", f"visit_campaign/{plan}")
        assert (shown["done"], shown["reached"], shown["end_on"]) == (2, 1, "2025-12-31")
        form = estate.made("survey", title="停车专题")
        estate.step(OFFICE, "survey", form, "send", sent_on="2025-09-02", issued=200)
        more = estate.step(OFFICE, "survey", form, "evaluate", 422, returned=201, findings="多")
        assert ("returned", "at_most") in rules(more)
        done = estate.step(OFFICE, "survey", form, "evaluate", returned=172, findings="停车引导不清")
        assert (done["survey_no"], done["return_rate"]) == ("WJ-2025-001", "86")
        party = estate.made("customer_event", kind="festival", title="中秋游园会")
        assert ("cancel_reason", "required") in rules(estate.step(OFFICE, "customer_event", party, "cancel", 422))
        estate.step(OFFICE, "customer_event", party, "hold_event", held_at=stamp("2025-09-02 09:00"))
        meeting = estate.rows(OFFICE, "customer_event", kind="symposium")[0]["id"]
        kept = estate.step(OFFICE, "customer_event", meeting, "cancel", 422, cancel_reason="忙")
        assert (None, "when") in rules(kept), "a meeting that is owed cannot be called off"
    with at("2025-09-30 10:00"):
        figures = estate.as_(DIRECTOR).call("GET", "report/D01.return_visit_statistics?period=2025-Q3")["figures"]
        seen = figures["measures"]
        assert (seen["visited_households"], seen["households"], seen["coverage"]) == ("1", "5", "20.00")
        assert (seen["items_needed"], seen["handling"], seen["questionnaires"]) == ("1", "0.00", "86.00")
    sweep(portal, "reports.keep", "2026-01-01 07:00")
    with at("2026-01-15 09:00"):
        late = estate.clocks(plan, "visit_campaign")["plan_summary"]["due_at"]
        assert late == "2026-01-31T23:59:59+08:00"
        estate.step(OFFICE, "visit_campaign", plan, "sum_up", summary="完成计划，评为优秀")
        review = estate.rows(OFFICE, "report_snapshot", report="D01.yearly_review")[0]
        assert (review["period"], review["due_at"][:10]) == ("2025", "2026-01-31")
        assert "HFJH-2025-" in estate.as_(DIRECTOR).client.get(f"/report_snapshot/{review['id']}").text
        assert estate.step(OFFICE, "report_snapshot", review["id"], "submit")["status"] == "submitted"


def test_a_resident_sees_the_own_household_only(estate):
    """1.3: who signs in as a resident reads the own matters, and nothing else of the portal."""
    with at("2025-09-02 09:00"):
        home = estate.rows(OFFICE, "household", household_no="1-0301")[0]
        told = {"resident_id": estate.person["许国安"], "row_version": home.get("row_version")}
        estate.as_(OFFICE).call("PUT", f"household/{home['id']}", **told)
        mine = estate.recorded("2025-09-02 09:00")
        other = estate.recorded("2025-09-02 09:00", customer_id=estate.home["JY-1-0902"], complainant="柳如是")
        resident = estate.as_(RESIDENT)
        assert [row["id"] for row in resident.call("GET", "complaint/")["result"]] == [mine]
        assert resident.call("GET", f"complaint/{mine}")["status"] == "recorded"
        resident.call("GET", f"complaint/{other}", 404)
        resident.call("GET", "household/", 403)
        resident.move(mine, "investigate", 403, facts="无", solvable=True)
        assert resident.client.get(f"/complaint/{mine}").status_code == 200


def test_a_form_names_only_what_is_in_reach(estate):
    """A customer of another area is not named by the address of a form, nor by a form that was refused."""
    with at("2025-09-02 09:00"):
        own, other = estate.home["JY-1-0301"], estate.home["JY-5-0603"]
        page = estate.as_(OFFICER).client
        assert "许国安" in page.get(f"/visit/add?customer_id={own}").text
        assert "喻小雅" not in page.get(f"/visit/add?customer_id={other}").text
        refused = page.post("/visit/add", data={"customer_id": str(other)})
        assert refused.status_code == 422
        assert "喻小雅" not in refused.text
        assert "登记回访" in page.get(f"/household/{estate.rows(OFFICER, 'household')[0]['id']}").text


def test_files_of_households(estate):
    """2.2: one number in an area, one file of a customer, a first and a last day; praise and titles are noted."""
    with at("2025-09-10 10:00"):
        told = {"household_no": "1-0301", "building_room": "1 栋 301"}
        twice = estate.as_(OFFICER).call("POST", "household/", 422, moved_in_on="2025-01-01", **told)
        assert ("household_no", "unique") in rules(twice)
        free = told | {"officer_id": estate.person["郝军"], "moved_in_on": "2025-01-01"}
        moved = estate.as_(OFFICE).call("POST", "household/", 201, **free)
        assert (moved["unit_id"], moved["owner_id"]) == (estate.unit["JY-A2"], estate.person["郝军"])
        new = told | {"household_no": "1-0303", "customer_id": estate.home["JY-1-0301"]}
        both = estate.as_(OFFICER).call("POST", "household/", 422, **new)
        assert rules(both) == {("customer_id", "unique"), ("moved_in_on", "required")}
        gone = {"household_no": "1-0304", "building_room": "1 栋 304", "occupancy": "left",
                "moved_in_on": "2025-02-01", "moved_out_on": "2025-01-01"}  # fmt: skip
        assert rules(estate.as_(OFFICER).call("POST", "household/", 422, **gone)) == {("moved_out_on", "not_before")}
        estate.published("2025-09-10 10:00")
        award = estate.rows(OFFICE, "reward", customer_id=estate.home["JY-1-0902"])[0]["id"]
        estate.step(OFFICE, "reward", award, "propose", points=95)
        estate.decided(DIRECTOR)
        home = estate.rows(OFFICE, "household", household_no="1-0902")[0]["id"]
        file = estate.as_(OFFICE).call("GET", f"household/{home}")
        assert (file["praised"], file["civilised_years"]) == (True, "2025")
