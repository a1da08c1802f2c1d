"""B02 经济处罚准则: points, deductions, instalments and month-end runs, through REST on both databases."""

from __future__ import annotations

from tests.scenarios.consequences import CONTROL, GENERAL, LI, QIAN, REP, ZHAO, sweep
from tests.scenarios.deducting import desk, rules
from tests.scenarios.desk import BOOKS, MANAGER, at
from tests.scenarios.payroll import OTHER, sums_hold

__all__ = ["desk"]


def test_b02_10_half_the_bonus_over_all_cases_oldest_first(portal, desk):
    with at("2025-09-10 10:00"):
        desk.owes("1350.00", (REP, "100"))
        desk.owes("1000.00", (OTHER, "100"))
        desk.pay("2025-09", REP, "1800.00")
        desk.pay("2025-09", OTHER, "2000.00")
    desk.took("2025-09")
    sums_hold(portal)
    with at("2025-10-10 10:00"):
        assert desk.instalments("2025-09", REP) == [("1350.00", "900.00", "450.00", "taken")]
        assert desk.statement("2025-09", REP)["cap"] == "900.00"
        assert desk.instalments("2025-09", OTHER) == [("1000.00", "1000.00", "0.00", "taken")]
        desk.owes("700.00", (REP, "100"))
        desk.owes("1000.01", (OTHER, "100"))
        desk.owes("50.00", ("songzhiwei", "100"))
        desk.pay("2025-10", REP, "2000.00")
        desk.pay("2025-10", OTHER, "2000.00")
        desk.pay("2025-10", "songzhiwei", "0.00")
    desk.took("2025-10")
    sums_hold(portal)
    with at("2025-11-10 10:00"):
        assert desk.instalments("2025-10", REP) == [
            ("450.00", "450.00", "0.00", "taken"), ("700.00", "550.00", "150.00", "taken"),
        ]  # fmt: skip
        assert desk.statement("2025-10", REP)["cap"] == "1000.00"
        assert desk.instalments("2025-10", OTHER) == [("1000.01", "1000.00", "0.01", "taken")]
        assert desk.instalments("2025-10", "songzhiwei") == [("50.00", "0.00", "50.00", "taken")]
        for account, bonus in ((REP, "1500.00"), (OTHER, "0.03")):
            desk.pay("2025-11", account, bonus)
    desk.took("2025-11")
    sums_hold(portal)
    with at("2025-12-10 10:00"):
        assert desk.instalments("2025-11", REP) == [("150.00", "150.00", "0.00", "taken")]
        assert desk.statement("2025-11", REP)["cap"] == "750.00"
        assert desk.instalments("2025-11", OTHER) == [("0.01", "0.01", "0.00", "taken")]
        assert desk.statement("2025-11", OTHER)["cap"] == "0.01"  # half of 0.03, rounded down
        rows = desk.rows(BOOKS, "payroll_deduction", employee_id=desk.person[REP])
        assert {row["status"] for row in rows} == {"settled"}
        assert sorted(row["taken"] for row in rows) == ["1350.00", "700.00"]


def test_b02_11_fines_first_and_a_major_demerit_takes_the_whole_bonus(portal, desk):
    """The fines are those of sanctions by hand, the debt that of a person of sales."""
    with at("2025-09-10 10:00"):
        desk.owes("1600.00", (REP, "100"))
    with at("2025-10-01 09:00"):
        start = {row["id"] for row in desk.rows(CONTROL, "sanction", employee_id=desk.person[REP])}
        assert len(start) == 1  # the letter of repentance is still a proposal and costs nothing
    with at("2025-10-08 10:00"):
        minor = desk.sanction_by_hand(REP, "minor_1", "800.00")
        desk.pay("2025-10", REP, "2000.00")
    desk.took("2025-10")
    with at("2025-11-10 10:00"):
        row = desk.statement("2025-10", REP)
        told = ("fine", "cap", "forfeited", "taken", "paid_out")
        assert [row[name] for name in told] == ["800.00", "1000.00", "0.00", "1000.00", "200.00"]
        assert desk.instalments("2025-10", REP) == [("1600.00", "1000.00", "600.00", "taken")]
        assert desk.get(CONTROL, "sanction", minor)["conversion_fine"] == "800.00"
        desk.sanction_by_hand(REP, "major_1", None)
        desk.pay("2025-11", REP, "2000.00")
    desk.took("2025-11")
    with at("2025-12-10 10:00"):
        row = desk.statement("2025-11", REP)
        assert [row[name] for name in told] == ["0.00", "1000.00", "2000.00", "0.00", "0.00"]
        assert desk.instalments("2025-11", REP) == [("600.00", "0.00", "600.00", "taken")]
        desk.pay("2025-12", REP, "1100.00")
    desk.took("2025-12")
    with at("2026-01-10 10:00"):
        assert desk.statement("2025-12", REP)["cap"] == "550.00"
        assert desk.instalments("2025-12", REP) == [("600.00", "550.00", "50.00", "taken")]
        desk.pay("2026-01", REP, "1000.00")
    desk.took("2026-01")
    with at("2026-02-10 10:00"):
        assert desk.instalments("2026-01", REP) == [("50.00", "50.00", "0.00", "taken")]
        assert [row["status"] for row in desk.rows(BOOKS, "payroll_deduction")] == ["settled"]
    sums_hold(portal)


def test_fines_never_take_more_than_the_bonus(desk):
    with at("2025-10-08 10:00"):
        desk.owes("100.00", (REP, "100"))
        desk.sanction_by_hand(REP, "minor_1", "800.00")
        desk.pay("2025-10", REP, "700.00")
    desk.took("2025-10")
    with at("2025-11-10 10:00"):
        row = desk.statement("2025-10", REP)
        assert (row["fine"], row["taken"], row["paid_out"]) == ("700.00", "0.00", "0.00")


def test_a_unit_shares_by_points_and_a_section_where_the_unit_is_not_known(portal, desk):
    """36,000 among 1,200 points is 30 a point: 45 points owe 1,350.00; the odd cents go to the most points."""
    press = "制造一部压合课"
    with at("2025-09-10 10:00"):
        desk.pay("2025-09", ZHAO, "3000.00", "45", press)
        desk.pay("2025-09", QIAN, "3000.00", "1155", press)
        whole = desk.owes_by_unit("36000.00", "unit", press)
        odd = desk.owes_by_unit("0.05", "unit", press)
        person = desk.owes("120.00", (ZHAO, "100"))
        nobody = desk.owes_by_unit("10.00", "section", "制造二部钻孔课")
    run = desk.took("2025-09")
    with at("2025-10-10 10:00"):
        assert desk.owed(whole) == {ZHAO: "1350.00", QIAN: "34650.00"}
        told = desk.rows(BOOKS, "payroll_deduction", notice_id=whole, employee_id=desk.person[ZHAO])[0]
        assert told["calculation"] == "36,000.00 ÷ 1,200 × 45 = 1,350.00"
        assert (told["personal_points"], told["total_points"]) == ("45", "1200")
        assert desk.owed(odd) == {QIAN: "0.05"}
        assert desk.owed(person) == {ZHAO: "4.50", QIAN: "115.50"}  # manufacturing answers by its unit
        assert desk.owed(nobody) == {}
        assert desk.get(BOOKS, "payroll_run", run)["waiting"] == 1
        desk.pay("2025-10", LI, "100.00", "7", "制造二部钻孔课")
    desk.took("2025-10")
    with at("2025-11-10 10:00"):
        assert desk.owed(nobody) == {LI: "10.00"}
    sums_hold(portal)


def test_a_correction_is_deducted_or_counter_entered(portal, desk):
    with at("2025-09-10 10:00"):
        notice = desk.owes("1000.00", (REP, "60"), (OTHER, "40"))
        for account, bonus in ((REP, "2000.00"), (OTHER, "400.00")):
            desk.pay("2025-09", account, bonus)
    desk.took("2025-09")
    with at("2025-10-10 10:00"):
        assert desk.owed(notice) == {REP: "600.00", OTHER: "400.00"}
        desk.corrected(notice, (REP, "20"), (OTHER, "50"), ("songzhiwei", "30"))
        assert desk.owed(notice) == {REP: "200.00", OTHER: "500.00", "songzhiwei": "300.00"}
        rows = {row["employee_id"]: row for row in desk.rows(BOOKS, "payroll_deduction", notice_id=notice)}
        assert (rows[desk.person[REP]]["taken"], rows[desk.person[REP]]["status"]) == ("200.00", "settled")
        assert (rows[desk.person[OTHER]]["taken"], rows[desk.person[OTHER]]["outstanding"]) == ("200.00", "300.00")
        back = desk.rows(BOOKS, "deduction_instalment", kind="counter")
        assert [(row["employee_id"], row["taken"], row["month"]) for row in back] == [
            (desk.person[REP], "-400.00", "2025-10"),
        ]  # fmt: skip
        assert "更正" in back[0]["reason"] or "corrected" in back[0]["reason"]
        sums_hold(portal)
        for account, bonus in ((REP, "2000.00"), (OTHER, "400.00"), ("songzhiwei", "1000.00")):
            desk.pay("2025-10", account, bonus)
    desk.took("2025-10")
    sums_hold(portal)
    with at("2025-11-10 10:00"):
        assert desk.instalments("2025-10", "songzhiwei") == [("300.00", "300.00", "0.00", "taken")]


def test_a_taken_instalment_is_taken_back_by_a_counter_entry_only(portal, desk):
    with at("2025-09-10 10:00"):
        desk.owes("300.00", (REP, "100"))
        desk.pay("2025-09", REP, "2000.00")
    desk.took("2025-09")
    with at("2025-10-10 10:00"):
        one = desk.rows(BOOKS, "deduction_instalment")[0]["id"]
        assert rules(desk.step(BOOKS, "deduction_instalment", one, "reverse", 422)) == {("reason", "required")}
        desk.step(GENERAL, "deduction_instalment", one, "reverse", 403, reason="误扣")
        desk.as_(BOOKS).call("PUT", f"deduction_instalment/{one}", 405, taken="1.00")
        desk.step(BOOKS, "deduction_instalment", one, "reverse", reason="误扣")
        assert rules(desk.step(BOOKS, "deduction_instalment", one, "reverse", 422, reason="再")) == {(None, "state")}
        counter, first = desk.rows(BOOKS, "deduction_instalment")
        assert (first["status"], first["taken"]) == ("reversed", "300.00")
        assert (counter["kind"], counter["taken"], counter["reverses_id"], counter["reason"]) == (
            "counter", "-300.00", one, "误扣",
        )  # fmt: skip
        again = desk.step(BOOKS, "deduction_instalment", counter["id"], "reverse", 422, reason="再")
        assert rules(again) == {(None, "when")}
        debt = desk.rows(BOOKS, "payroll_deduction")[0]
        assert (debt["taken"], debt["outstanding"], debt["status"]) == ("0.00", "300.00", "open")
        sums_hold(portal)
        desk.pay("2025-10", REP, "2000.00")
    desk.took("2025-10")
    with at("2025-11-10 10:00"):
        assert desk.rows(BOOKS, "payroll_deduction")[0]["status"] == "settled"
    sums_hold(portal)


def test_the_month_is_run_by_sweep_once_and_locks_its_pay_items(portal, desk):
    with at("2025-09-10 10:00"):
        desk.owes("300.00", (REP, "100"))
        item = desk.pay("2025-09", REP, "2000.00")["id"]
    for _again in range(2):
        sweep(portal, "consequences.month_end", "2025-10-01 01:40")
    with at("2025-10-02 09:00"):
        (run,) = desk.rows(BOOKS, "payroll_run")
        assert (run["month"], run["status"], run["run_no"]) == ("2025-09", "entering", "FK251001")
        desk.as_(BOOKS).call("PUT", f"pay_item/{item}", bonus="1000.00")
        desk.step(MANAGER, "payroll_run", run["id"], "ready", 403)
        desk.step(BOOKS, "payroll_run", run["id"], "ready")
        late = desk.pay("2025-09", OTHER, "1.00", status=422)
        assert rules(late) == {("month", "locked")}
    for _again in range(2):
        sweep(portal, "consequences.month_end", "2025-10-03 01:40")
    with at("2025-10-03 09:00"):
        proposed = desk.get(BOOKS, "payroll_run", run["id"])
        told = ("status", "people", "bonus_total", "fine_total", "forfeited_total", "taken_total", "carried_total")
        assert [proposed[name] for name in told] == ["proposed", 1, "1000.00", "0.00", "0.00", "300.00", "0.00"]
        assert desk.instalments("2025-09", REP) == [("300.00", "300.00", "0.00", "proposed")]
        assert rules(desk.as_(BOOKS).call("PUT", f"pay_item/{item}", 422, bonus="1.00")) == {("month", "locked")}
        assert rules(desk.as_(BOOKS).call("DELETE", f"pay_item/{item}", 422)) == {("month", "locked")}
        assert desk.rows(BOOKS, "payroll_deduction")[0]["taken"] == "0.00"
        assert desk.rows(REP, "deduction_instalment") == desk.rows(REP, "payroll_deduction") == []
        desk.step(GENERAL, "payroll_run", run["id"], "review", 403)
        desk.step(BOOKS, "payroll_run", run["id"], "review")
        desk.step(BOOKS, "payroll_run", run["id"], "approve", 403)
        desk.step(BOOKS, "payroll_run", run["id"], "take", 422)
        desk.step(GENERAL, "payroll_run", run["id"], "return_run", reason="请再核对")
        desk.approve_run(run["id"])
    for _again in range(3):
        sweep(portal, "consequences.month_end", "2025-10-04 01:40")
    with at("2025-10-04 09:00"):
        assert desk.get(BOOKS, "payroll_run", run["id"])["status"] == "taken"
        assert desk.instalments("2025-09", REP) == [("300.00", "300.00", "0.00", "taken")]
        assert desk.rows(BOOKS, "payroll_deduction")[0]["taken"] == "300.00"
        assert len(desk.rows(BOOKS, "payroll_run")) == 1
        twice = desk.add(BOOKS, "payroll_run", 422, month="2025-09")
        assert rules(twice) == {("month", "unique")}
    sums_hold(portal)


def test_a_run_waits_for_its_month_and_for_the_one_before_and_stands_only_as_proposed(portal, desk):
    with at("2025-09-20 10:00"):
        notice = desk.owes("300.00", (REP, "100"))
        desk.pay("2025-09", REP, "1000.00")
        early = desk.add(BOOKS, "payroll_run", month="2025-09")["id"]
        assert rules(desk.step(BOOKS, "payroll_run", early, "propose", 422)) == {("month", "month_over")}
        wrong = desk.add(BOOKS, "payroll_run", 422, month="2025-13")
        assert rules(wrong) == {("month", "pattern")}
    with at("2025-11-02 10:00"):
        next_ = desk.add(BOOKS, "payroll_run", month="2025-10")["id"]
        refused = desk.step(BOOKS, "payroll_run", next_, "propose", 422)
        assert rules(refused) == {("month", "months_in_order"), ("month", "pay_items_entered")}
        desk.step(BOOKS, "payroll_run", early, "propose")
        desk.corrected(notice, (REP, "50"), (OTHER, "50"))
        assert rules(desk.step(BOOKS, "payroll_run", early, "review", 422)) == {(None, "proposal_stands")}
        desk.step(BOOKS, "payroll_run", early, "reopen", reason="责任更正")
        assert desk.rows(BOOKS, "deduction_instalment") == desk.rows(BOOKS, "payroll_deduction") == []
        desk.step(BOOKS, "payroll_run", early, "propose")
        assert desk.rows(BOOKS, "deduction_instalment") == []  # approved anew in November, so November charges it
        desk.approve_run(early)
        desk.step(BOOKS, "payroll_run", early, "take")
        taken = desk.step(BOOKS, "payroll_run", next_, "take_over")
        assert taken["status"] == "entering"
        (item,) = desk.rows(BOOKS, "pay_item", month="2025-10")
        assert (item["bonus"], item["points"], item["run_id"], item["paid_out"]) == ("1000.00", "45", None, None)
        desk.step(BOOKS, "payroll_run", next_, "take_over")
        assert len(desk.rows(BOOKS, "pay_item", month="2025-10")) == 1
    sums_hold(portal)
