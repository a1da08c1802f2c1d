"""B02 after the decision: sanctions, announcements, notices and corrections, through REST."""

from __future__ import annotations

from tests.scenarios.consequences import ABOVE, BOOKS, CONTROL, DEPUTY, GENERAL, HEAD, HR, LI, MANAGER, QIAN, ZHAO, at
from tests.scenarios.consequences_rules import LOSSES, desk, rules

__all__ = ["desk"]


BURDENS = [
    ("0.01", "repentance", None, "0.00"),
    ("10000.00", "repentance", None, "0.00"),
    ("10000.01", "reprimand_1", None, "400.00"),
    ("10001.00", "reprimand_1", None, "400.00"),
    ("50000.00", "reprimand_1", None, "400.00"),
    ("50001.00", "reprimand_2", None, "800.00"),
    ("100000.00", "reprimand_2", None, "800.00"),
    ("100001.00", "minor_1", "reprimand_2", "800.00"),
    ("200000.00", "minor_1", "reprimand_2", "800.00"),
    ("200001.00", "minor_2", "minor_1", "1600.00"),
    ("400000.00", "minor_2", "minor_1", "1600.00"),
    ("400001.00", "major_1", "minor_2", "0.00"),
    ("1000000.00", "major_1", "minor_2", "0.00"),
    ("1000001.00", "major_2plus", "major_1", "0.00"),
]


def test_b02_7_every_band_with_the_head_one_step_lower(desk):
    with at("2025-09-10 10:00"):
        case = desk.settled()
        sheet = desk.claim(case, "0.00")
        desk.share(sheet, ZHAO, "100")
        desk.approved(sheet)
        assert desk.sanctions(case) == {}
        for burden, grade, joint, fine in BURDENS:
            desk.step(CONTROL, "loss_sheet", sheet, "correct", reason="更正损失")
            sheet = desk.rows(CONTROL, "loss_sheet", complaint_id=case, status="draft")[0]["id"]
            item = desk.rows(CONTROL, "loss_item", sheet_id=sheet)[0]["id"]
            desk.as_(CONTROL).call("PUT", f"loss_item/{item}", actual_amount=burden)
            desk.approved(sheet)
            found = desk.sanctions(case)
            own = found.pop((desk.person[ZHAO], False))
            heads = {key: (row["grade"], row["burden"], row["joint_of_id"]) for key, row in found.items()}
            assert (own["burden"], own["grade"], own["minimum_fine"]) == (burden, grade, fine)
            assert own["fixed_deduction"] == ("200.00" if grade == "repentance" else "0.00")
            assert own["forfeit_bonus"] == grade.startswith("major")
            assert heads == ({(desk.person[HEAD], True): (joint, "0.00", own["id"])} if joint else {})
        told = desk.as_(CONTROL).call("GET", f"sanction/{own['id']}/explain")["tier"]
        assert [line["tier"] for line in told["lines"] if line["applies"]] == ["major_2plus"]
        assert told["clause"] == "行政处罚准则（三）"


def test_a_fine_is_not_below_the_least_of_its_grade(desk):
    with at("2025-09-10 10:00"):
        case = desk.settled()
        sheet = desk.claim(case, "120000.00")
        desk.share(sheet, ZHAO, "80")
        desk.share(sheet, QIAN, "20")
        desk.approved(sheet)
        found = desk.sanctions(case)
        control = desk.as_(CONTROL)
        zhao, qian = found[desk.person[ZHAO], False]["id"], found[desk.person[QIAN], False]["id"]
        low = control.call("PUT", f"sanction/{qian}", 422, conversion_fine="399.99")
        assert rules(low) == {("conversion_fine", "fine_minimum")}
        assert low["errors"][0]["clause"] == "行政处罚准则（五）"
        assert "400.00" in low["errors"][0]["message"]
        assert control.call("PUT", f"sanction/{qian}", conversion_fine="500.00")["conversion_fine"] == "500.00"
        lighter = control.call("PUT", f"sanction/{zhao}", 422, grade="reprimand_1")
        assert ("grade", "not_below") in rules(lighter)
        graver = control.call("PUT", f"sanction/{zhao}", grade="minor_1", base_number="1.5")
        assert (graver["minimum_fine"], graver["conversion_fine"]) == ("1200.00", "1200.00")
        assert desk.sanctions(case)[desk.person[HEAD], True]["grade"] == "reprimand_2"
        bare = desk.step(CONTROL, "sanction", zhao, "submit", 422)
        assert rules(bare) == {("petition_id", "gravity_petitioned")}


def test_a_sanction_by_gravity_rests_on_a_granted_petition(desk):
    with at("2025-09-10 10:00"):
        case = desk.settled()
        made = desk.add(
            CONTROL, "sanction", complaint_id=case, employee_id=desk.person[QIAN], grade="reprimand_1",
            fault_item="item_6",
        )  # fmt: skip
        assert (made["burden"], made["table_grade"], made["status"]) == ("0.00", None, "proposed")
        bare = desk.step(CONTROL, "sanction", made["id"], "submit", 422)
        assert rules(bare) == {("petition_id", "gravity_petitioned")}
        petition = desk.add(
            CONTROL, "petition", kind="sanction", complaint_id=case, subject="擅自减少生产资料", content="情节严重",
            countersigned_units=[desk.section],
        )["id"]  # fmt: skip
        desk.step(CONTROL, "petition", petition, "submit")
        desk.step(GENERAL, "petition", petition, "approve", decision="同意处分")
        desk.as_(CONTROL).call("PUT", f"sanction/{made['id']}", petition_id=petition)
        assert desk.sanctioned(made["id"])["status"] == "approved"


def test_a_sanction_is_countersigned_then_approved_then_the_person_s_to_see(desk):
    with at("2025-09-10 10:00"):
        case = desk.settled()
        sheet = desk.claim(case, "150000.00")
        desk.share(sheet, ZHAO, "100")
        desk.approved(sheet)
        found = desk.sanctions(case)
        own, joint = found[desk.person[ZHAO], False]["id"], found[desk.person[HEAD], True]["id"]
        desk.get(ZHAO, "sanction", own, 404)
        desk.step(MANAGER, "sanction", own, "submit", 404)
        desk.step(CONTROL, "sanction", own, "submit")
        desk.step(CONTROL, "sanction", own, "countersign", 403)
        desk.step(GENERAL, "sanction", own, "countersign", 403)
        assert desk.step(HEAD, "sanction", own, "countersign")["status"] == "countersigned"
        desk.step(HEAD, "sanction", own, "approve", 403)
        assert desk.step(GENERAL, "sanction", own, "approve")["status"] == "approved"
        assert desk.get(ZHAO, "sanction", own)["grade"] == "minor_1"
        desk.get(QIAN, "sanction", own, 404)
        assert desk.sanctioned(joint, head=ABOVE)["status"] == "approved"


def test_a_letter_of_repentance_is_written_by_the_person(desk):
    with at("2025-09-10 10:00"):
        case = desk.settled()
        sheet = desk.claim(case, "9000.00")
        desk.share(sheet, ZHAO, "100")
        desk.approved(sheet)
        sanction = desk.sanctions(case)[desk.person[ZHAO], False]
        assert desk.rows(ZHAO, "repentance_letter") == []
        desk.sanctioned(sanction["id"])
        letter = desk.rows(ZHAO, "repentance_letter")[0]["id"]
        desk.get(QIAN, "repentance_letter", letter, 404)
        assert rules(desk.step(CONTROL, "repentance_letter", letter, "submit", 422, text="x")) == {(None, "own_letter")}
        assert rules(desk.step(ZHAO, "repentance_letter", letter, "submit", 422)) == {("text", "required")}
        desk.step(ZHAO, "repentance_letter", letter, "submit", text="今后按规范备料。")
        assert rules(desk.step(ZHAO, "repentance_letter", letter, "accept", 422)) == {(None, "letter_of_another")}
        assert desk.step(CONTROL, "repentance_letter", letter, "accept")["status"] == "accepted"


def test_b02_16_an_announcement_takes_approved_sanctions_only(desk):
    with at("2025-09-10 10:00"):
        case = desk.settled()
        sheet = desk.claim(case, "60000.00")
        for who, part in ((ZHAO, "40"), (QIAN, "40"), (LI, "20")):
            desk.share(sheet, who, part)
        desk.approved(sheet)
        found = desk.sanctions(case)
        first, second, third = (found[desk.person[who], False]["id"] for who in (ZHAO, QIAN, LI))
        desk.sanctioned(first)
        desk.sanctioned(second)
    with at("2025-10-09 10:00"):
        over = desk.add(CONTROL, "personnel_announcement", 422, month="2025-09", sanctions=[first, second, third])
        assert rules(over) == {("sanctions", "publish_unapproved")}
        wrong = desk.add(CONTROL, "personnel_announcement", 422, month="2025-08", sanctions=[first])
        assert rules(wrong) == {("sanctions", "month")}
        made = desk.add(CONTROL, "personnel_announcement", month="2025-09", sanctions=[first, second])["id"]
        desk.get(HR, "personnel_announcement", made)
        desk.step(HR, "personnel_announcement", made, "publish", 422)
        desk.step(CONTROL, "personnel_announcement", made, "send")
        desk.step(CONTROL, "personnel_announcement", made, "publish", 403)
        desk.step(GENERAL, "personnel_announcement", made, "publish", 403)
        assert desk.step(HR, "personnel_announcement", made, "publish")["status"] == "published"
        states = {row["id"]: row["status"] for row in desk.rows(CONTROL, "sanction", complaint_id=case)}
        assert states == {first: "announced", second: "announced", third: "proposed"}
        again = desk.add(CONTROL, "personnel_announcement", 422, month="2025-09", sanctions=[first])
        assert rules(again) == {("sanctions", "publish_unapproved")}
        desk.get(ZHAO, "personnel_announcement", made, 403)


def test_one_notice_per_case_in_three_copies(desk):
    with at("2025-09-10 10:00"):
        case = desk.settled()
        sheet = desk.claim(case, "36000.00")
        desk.share(sheet, ZHAO, "50")
        desk.share(sheet, QIAN, "50")
        early = desk.add(CONTROL, "penalty_notice", 422, complaint_id=case, reason_item="x")
        assert rules(early) == {("complaint_id", "approved_sheet")}
        desk.approved(sheet)
        notice = desk.noticed(case)
        shown = desk.get(CONTROL, "penalty_notice", notice)
        assert (shown["status"], shown["loss_base"], shown["sheet_id"]) == ("approved", "36000.00", sheet)
        second = desk.add(CONTROL, "penalty_notice", 422, complaint_id=case, reason_item="x")
        assert rules(second) == {("complaint_id", "merged_cases")}
        assert second["errors"][0]["clause"] == "经济处罚准则（三）2"
        copies = [row for row in desk.rows(CONTROL, "delivery_receipt", size=50) if row["subject"].startswith("JF")]
        assert {row["copy_no"]: row["unit_id"] for row in copies} == {
            1: desk.units["生产管理组"], 2: desk.units["会计科"], 3: desk.section,
        }  # fmt: skip
        books = next(row["id"] for row in copies if row["copy_no"] == 2)
        assert desk.step(BOOKS, "delivery_receipt", books, "acknowledge")["status"] == "acknowledged"
        assert {row["amount"] for row in desk.rows(BOOKS, "responsibility_share")} == {"18000.00"}
        assert desk.get(ZHAO, "penalty_notice", notice)["id"] == notice
        assert [row["employee_id"] for row in desk.rows(ZHAO, "responsibility_share")] == [desk.person[ZHAO]]
        desk.get(LI, "penalty_notice", notice, 404)


def test_an_approved_sheet_is_locked_and_corrected_by_a_new_version(desk):
    with at("2025-09-10 10:00"):
        case = desk.settled()
        first = desk.sheet(case, *LOSSES)
        desk.share(first, ZHAO, "60")
        desk.share(first, QIAN, "40")
        desk.approved(first)
        before = desk.sanctions(case)
        notice = desk.noticed(case)
        item = desk.rows(CONTROL, "loss_item", sheet_id=first)[0]["id"]
        control = desk.as_(CONTROL)
        assert rules(control.call("PUT", f"loss_item/{item}", 422, actual_amount="1")) == {("sheet_id", "locked")}
        assert rules(control.call("DELETE", f"loss_item/{item}", 422)) == {("sheet_id", "locked")}
        assert ("sheet_id", "locked") in rules(desk.share(first, LI, "1", 422))
        assert rules(desk.step(CONTROL, "loss_sheet", first, "correct", 422)) == {("reason", "required")}
        early = desk.step(CONTROL, "penalty_notice", notice, "correct", 422, reason="x")
        assert rules(early) == {("sheet_id", "sheet_replaced")}
        desk.step(CONTROL, "loss_sheet", first, "correct", reason="赔偿金额有误")
        again = desk.step(CONTROL, "loss_sheet", first, "correct", 422, reason="再次")
        assert rules(again) == {(None, "no_open_correction")}
        second = desk.rows(CONTROL, "loss_sheet", complaint_id=case, status="draft")[0]
        assert (second["version"], second["previous_id"], second["correction_reason"]) == (2, first, "赔偿金额有误")
        assert second["loss_total"] == "31650.00"
        rows = desk.rows(CONTROL, "responsibility_share", sheet_id=second["id"])
        shares = {row["employee_id"]: row["id"] for row in rows}
        control.call("DELETE", f"responsibility_share/{shares[desk.person[QIAN]]}")
        control.call("PUT", f"responsibility_share/{shares[desk.person[ZHAO]]}", share_percent="100")
        desk.approved(second["id"])
        assert desk.get(CONTROL, "loss_sheet", first)["status"] == "superseded"
        after = desk.sanctions(case)
        assert set(after) == {(desk.person[ZHAO], False)}
        assert after[desk.person[ZHAO], False]["burden"] == "31650.00"
        assert desk.get(CONTROL, "sanction", before[desk.person[QIAN], False]["id"])["status"] == "cancelled"
        reopened = desk.step(CONTROL, "penalty_notice", notice, "correct", reason="责任更正")
        assert (reopened["status"], reopened["sheet_id"], reopened["approved_at"]) == ("draft", second["id"], None)


def test_an_approved_sanction_is_replaced_only_by_another_approval(desk):
    with at("2025-09-10 10:00"):
        case = desk.settled()
        sheet = desk.claim(case, "20000.00")
        desk.share(sheet, ZHAO, "100")
        desk.approved(sheet)
        old = desk.sanctions(case)[desk.person[ZHAO], False]["id"]
        desk.sanctioned(old)
        desk.step(CONTROL, "loss_sheet", sheet, "correct", reason="追加赔偿")
        later = desk.rows(CONTROL, "loss_sheet", complaint_id=case, status="draft")[0]["id"]
        desk.add(CONTROL, "loss_item", sheet_id=later, kind="discount", actual_amount="40000.00")
        desk.approved(later)
        rows = {row["id"]: row for row in desk.rows(CONTROL, "sanction", complaint_id=case)}
        new = next(row for row in rows.values() if row["replaces_id"] == old)
        assert (rows[old]["status"], new["status"], new["grade"]) == ("approved", "proposed", "reprimand_2")
        desk.sanctioned(new["id"])
        assert desk.get(CONTROL, "sanction", old)["status"] == "cancelled"


def test_nobody_approves_the_sheet_in_which_he_bears_a_share(desk):
    with at("2025-09-10 10:00"):
        sheet = desk.claim(desk.settled(), "1000.00")
        desk.share(sheet, HEAD, "100")
        desk.step(CONTROL, "loss_sheet", sheet, "submit")
        assert desk.step(HEAD, "loss_sheet", sheet, "approve", 403)["errors"][0]["rule"] == "recusal"
        desk.step(DEPUTY, "loss_sheet", sheet, "approve", 403)
        assert desk.step(ABOVE, "loss_sheet", sheet, "approve")["status"] == "approved"
