"""C10, the customer's file of a car-care chain: the twin of C03's allocation, and the cars of its members.

C10-1, -2, -4, -7, -8 and -10 are about return visits, which are no part of the customer's file.
"""

from __future__ import annotations

import pytest

from tests.scenarios.desk import sweep
from tests.scenarios.keeping_desk import Department, rules

POLICY = "C10"
SUPERVISOR, A, B, C, KEEPER, STORE = "cwlinshu", "cwgeyan", "cwjiqiu", "cwlangyue", "cwniujin", "cwpangke"


@pytest.fixture
def desk(sign_in, portal) -> Department:
    return Department(sign_in, portal, "C10")


def test_c10_5_a_week_to_talk_to_an_allocated_customer(desk, portal):
    """C10-5: allocated on Tuesday 3 March; 10 March is in time, 11 March late; then 16 / 1.25 = 12.80 is proposed."""
    facts = {"person_id": desk.people["葛妍"], "override_reason": "熟客"}
    first, second = (desk.allocated(name, "2026-03-03 16:20", **facts) for name in ("耿宁", "侯朗"))
    assert desk.row(first)["assignment_no"] == "CBFP-202603-0001"
    desk.talk(A, "耿宁", "2026-03-10 09:00")
    assert desk.clock(first, "first_contact")["status"] == "met"
    sweep(portal, "deadlines.due", "2026-03-11 00:00:01")
    desk.talk(A, "侯朗", "2026-03-11 09:00")
    assert (desk.clock(second, "first_contact")["status"], desk.row(second)["contact_late"]) == ("late_met", True)
    for name, weight, number in (("葛妍", "1.00", 12), ("纪秋", "1.25", 15)):
        desk.keeps(name, number)
        desk.able(name, weight)
    row = desk.add(SUPERVISOR, "customer_assignment", "2026-03-12 10:00", kind="specialist", reason="transfer",
                   customer_id=desk.customers["方舒"])  # fmt: skip
    found = desk.row(row)
    assert [line.rpartition(" ")[2] for line in found["balance"].splitlines()] == ["13.00", "12.80"]
    assert found["proposed_id"] == desk.people["纪秋"]
    desk.do(SUPERVISOR, row, "allocate", "2026-03-12 10:10")
    figures = desk.call(STORE, "GET", "report/C10.allocation_balance?period=2026-W11")["figures"]
    assert figures["measures"]["allocated"] == "1"


def test_the_files_and_the_cars_of_a_day(desk):
    """一.1, 一.2, 三.3, 二.3: a car's next service, the extract, the update, the summary and what is filed."""
    desk.able("葛妍", "1.00")
    owner = {"customer_id": desk.customers["车映雪"], "kind": "vehicle", "model": "速腾", "plate_no": "苏A94D009"}
    car = desk.add(A, "customer_asset", "2026-03-06 09:00", **owner, last_service_on="2026-01-10")
    assert (desk.row(car, A)["service_interval_days"], desk.row(car, A)["next_service_on"]) == (180, "2026-07-09")
    desk.call(A, "PUT", car, next_service_on="2026-06-01")
    assert desk.row(car, A)["next_service_on"] == "2026-06-01", "the mileage comes first"
    for typed, rule in (("2026-07-10", "interval"), ("2026-01-10", "not_before")):
        assert rules(desk.call(A, "PUT", car, 422, next_service_on=typed)) == {("next_service_on", rule)}
    desk.call(A, "PUT", car, last_service_on="2026-06-01", next_service_on=None)
    assert desk.row(car, A)["next_service_on"] == "2026-11-28"
    duty = desk.add(SUPERVISOR, "duty_assignment", "2026-03-06 09:00", kind="material", material_type="车主资料",
                    person_id=desk.people["牛瑾"], from_date="2026-03-06")  # fmt: skip
    told = {"kind": "extract", "sheet_on": "2026-03-06", "new_count": 1, "updated_count": 1}
    assert ("content", "required") in rules(desk.add(A, "information_sheet", "2026-03-06 17:00", 422, **told))
    sheet = desk.add(A, "information_sheet", "2026-03-06 17:00", **told, content="新车主")
    desk.add(KEEPER, "information_sheet", "2026-03-06 17:30", kind="update", sheet_on="2026-03-06", updated_count=2,
             duty_id=int(duty.partition("/")[2]))  # fmt: skip
    summary = desk.add(SUPERVISOR, "information_sheet", "2026-03-06 18:00", kind="summary", sheet_on="2026-03-06",
                       extracts=[int(sheet.partition("/")[2])], analysis="以新车主为主")  # fmt: skip
    assert (desk.row(sheet)["status"], desk.row(summary)["sheet_no"]) == ("merged", "CBXX-202603-0003")
    item = desk.add(KEEPER, "archive_item", "2026-03-06 18:10", title="汇总表", contents="一份")
    assert desk.do(KEEPER, item, "store", "2026-03-06 18:20")["status"] == "stored"
    desk.call(C, "GET", sheet, 404)
