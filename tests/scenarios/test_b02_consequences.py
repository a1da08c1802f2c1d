"""B02 after the decision: loss, resale, responsibility, sanctions, announcements and notices, through REST."""

from __future__ import annotations

import re

import pytest

from tests.portal import unreached
from tests.scenarios.consequences import (
    ABOVE,
    BOOKS,
    CONTROL,
    DEPUTY,
    GENERAL,
    HEAD,
    HR,
    LI,
    MANAGER,
    QIAN,
    REP,
    ZHAO,
    Follow,
    at,
    sweep,
)

LOSSES = (
    {"kind": "claim", "actual_amount": "12000.00"},
    {"kind": "discount", "actual_amount": "3500.00"},
    {"kind": "return", "quantity": 500, "unit_price": "86.00"},
    {"kind": "resend", "quantity": 40, "unit_price": "120.00"},
    {"kind": "rework", "processing_cost": "2300.00", "freight": "450.00"},
)


@pytest.fixture
def desk(sign_in) -> Follow:
    with at("2025-09-01 09:00"):
        return Follow(sign_in)


def rules(answer):
    return {(error["field"], error["rule"]) for error in answer["errors"]}


def test_b02_5_losses_by_the_table_each_line_explained(desk):
    with at("2025-09-10 10:00"):
        early = desk.accepted()
        refused = desk.add(CONTROL, "loss_sheet", 422, complaint_id=early, responsible_unit_id=desk.section)
        assert rules(refused) == {("complaint_id", "closed_first")}
        case = desk.settled()
        sheet = desk.sheet(case, *LOSSES)
        items = {row["kind"]: row for row in desk.rows(CONTROL, "loss_item", sheet_id=sheet)}
        assert {kind: row["loss_amount"] for kind, row in items.items()} == {
            "claim": "12000.00", "discount": "3500.00", "return": "8600.00", "resend": "4800.00", "rework": "2750.00",
        }  # fmt: skip
        assert items["claim"]["basis"]["text"] == "12,000.00"
        assert items["return"]["basis"]["text"] == "500 × 86.00 × 20 % = 8,600.00"
        assert items["resend"]["basis"]["text"] == "40 × 120.00 = 4,800.00"
        assert items["rework"]["basis"]["text"] == "2,300.00 + 450.00 = 2,750.00"
        assert {row["basis"]["clause"] for row in items.values()} == {"损失金额核算标准"}
        assert desk.get(CONTROL, "loss_sheet", sheet)["loss_total"] == "31650.00"
        told = desk.as_(CONTROL).call("GET", f"loss_sheet/{sheet}/explain")["amounts"]
        assert [line["amount"] for line in told["losses"]] == ["12000.00", "3500.00", "8600.00", "4800.00", "2750.00"]
        assert (told["total"], told["capitals"]) == ("31650.00", "叁万壹仟陆佰伍拾元整")


def test_a_loss_needs_exactly_the_numbers_of_its_formula(desk):
    with at("2025-09-10 10:00"):
        sheet = desk.sheet(desk.settled())
        for values, wrong in (
            ({"kind": "return", "quantity": 5}, {("unit_price", "required")}),
            ({"kind": "claim", "actual_amount": "1", "freight": "2"}, {("freight", "empty")}),
            ({"kind": "claim", "actual_amount": "-1"}, {("actual_amount", "money"), ("actual_amount", "required")}),
        ):
            assert rules(desk.add(CONTROL, "loss_item", 422, sheet_id=sheet, **values)) == wrong
        twice = desk.add(CONTROL, "loss_sheet", 422, responsible_unit_id=desk.section,
                         complaint_id=desk.get(CONTROL, "loss_sheet", sheet)["complaint_id"])  # fmt: skip
        assert rules(twice) == {("complaint_id", "unique")}
        nothing = desk.step(CONTROL, "loss_sheet", sheet, "submit", 422)
        assert {rule for _field, rule in rules(nothing)} == {"losses_entered", "share_total"}


@pytest.mark.parametrize(
    ("sold", "loss", "text"),
    [
        (500, "12500.00", "(95.00 − 70.00) × 500 + (500 − 500) × 86.00 × 20 % = 12,500.00"),
        (0, "8600.00", "(95.00 − 0.00) × 0 + (500 − 0) × 86.00 × 20 % = 8,600.00"),
        (300, "10940.00", "(95.00 − 70.00) × 300 + (500 − 300) × 86.00 × 20 % = 10,940.00"),
    ],
)
def test_resale_fixes_the_loss_when_its_month_ends(portal, desk, sold, loss, text):
    with at("2026-01-30 10:00"):
        sheet = desk.sheet(desk.settled(), LOSSES[2])
        item = desk.rows(CONTROL, "loss_item", sheet_id=sheet)[0]["id"]
    with at("2026-01-31 10:00"):
        resale = desk.add(CONTROL, "resale", loss_item_id=item, decided_on="2026-01-31", grade_a_price="95.00")["id"]
        shown = desk.step(CONTROL, "resale", resale, "begin")
        assert shown["window_end"].startswith("2026-02-28T23:59:59")
        desk.share(sheet, ZHAO, "100")
        waiting = desk.step(CONTROL, "loss_sheet", sheet, "submit", 422)
        assert rules(waiting) == {(None, "resales_ended")}
    with at("2026-02-10 10:00"):
        if sold:
            beyond = {"sold_qty": 501, "sold_price": "95.01", "sold_on": "2026-03-01"}
            above = desk.as_(REP).call("PUT", f"resale/{resale}", 422, **beyond)
            assert {field for field, _rule in rules(above)} == {"sold_qty", "sold_price", "sold_on"}
            desk.as_(REP).call("PUT", f"resale/{resale}", sold_qty=sold, sold_price="70.00", sold_on="2026-02-10")
    sweep(portal, "consequences.fix_resales", "2026-02-28 23:59:59")
    with at("2026-02-28 23:59:59"):
        assert desk.get(CONTROL, "resale", resale)["status"] == "open"
    for _again in range(2):
        sweep(portal, "consequences.fix_resales", "2026-03-01 00:20")
    with at("2026-03-01 09:00"):
        fixed = desk.get(CONTROL, "resale", resale)
        assert (fixed["status"], fixed["loss_amount"], fixed["table_amount"]) == ("fixed", loss, "8600.00")
        assert fixed["basis"]["text"] == text
        assert desk.get(CONTROL, "loss_sheet", sheet)["loss_total"] == loss
        clock = desk.as_(CONTROL).call("GET", f"resale/{resale}/explain")["clocks"][0]
        assert clock["status"] == "met"
        assert desk.approved(sheet)["status"] == "approved"


def test_b02_8_shares_add_up_to_a_hundred_and_to_the_cent(desk):
    with at("2025-09-10 10:00"):
        case = desk.settled()
        sheet = desk.sheet(case, *LOSSES)
        shares = [desk.share(sheet, who, part)["id"] for who, part in ((ZHAO, "60"), (QIAN, "30"), (LI, "9.99"))]
        refused = desk.step(CONTROL, "loss_sheet", sheet, "submit", 422)
        assert refused["errors"][0]["clause"] == "行政处罚准则（二）"
        assert "99.99" in refused["errors"][0]["message"]
        assert desk.get(CONTROL, "responsibility_share", shares[0])["amount"] is None
        desk.as_(CONTROL).call("PUT", f"responsibility_share/{shares[2]}", share_percent="10")
        amounts = [desk.get(CONTROL, "responsibility_share", key)["amount"] for key in shares]
        assert amounts == ["18990.00", "9495.00", "3165.00"]
        assert desk.approved(sheet)["status"] == "approved"
        grades = {row["employee_id"]: row["grade"] for row in desk.rows(CONTROL, "sanction", complaint_id=case)}
        assert grades == {
            desk.person[ZHAO]: "reprimand_1", desk.person[QIAN]: "repentance", desk.person[LI]: "repentance",
        }  # fmt: skip


@pytest.mark.parametrize(
    ("loss", "parts", "amounts"),
    [
        ("100.00", ("33.33", "33.33", "33.34"), ["33.33", "33.33", "33.34"]),
        ("0.05", ("50", "50"), ["0.03", "0.02"]),
    ],
)
def test_b02_8_the_odd_cent_goes_to_the_largest_share_then_to_the_lowest_number(desk, loss, parts, amounts):
    with at("2025-09-10 10:00"):
        sheet = desk.claim(desk.settled(), loss)
        people = (ZHAO, QIAN, LI)[: len(parts)]
        shares = [desk.share(sheet, who, part)["id"] for who, part in zip(people, parts, strict=True)]
        assert [desk.get(CONTROL, "responsibility_share", key)["amount"] for key in shares] == amounts


def test_who_bears_a_share_and_for_which_fault(desk):
    with at("2025-09-10 10:00"):
        sheet = desk.claim(desk.settled(), "1000.00")
        wide = {"bearer_type": "section", "employee_id": None, "bearer_unit_id": desk.section}
        assert rules(desk.share(sheet, ZHAO, "50", 422, **wide)) == {("fallback_reason", "required")}
        desk.share(sheet, ZHAO, "50", fallback_reason="无法归属至个人", **wide)
        assert rules(desk.share(sheet, ZHAO, "50", 422, fault_item="item_15")) == {("fault_text", "required")}
        assert rules(desk.share(sheet, ZHAO, "0", 422)) == {("share_percent", "share")}
        assert rules(desk.share(sheet, ZHAO, "33.333", 422)) == {("share_percent", "share")}
        assert rules(desk.share(sheet, ZHAO, "50", 422, bearer_unit_id=desk.section)) == {
            ("bearer_unit_id", "one_bearer"),
        }  # fmt: skip
        desk.share(sheet, ZHAO, "30", fault_item="item_15", fault_text="未点检")
        assert rules(desk.share(sheet, ZHAO, "20", 422)) == {("employee_id", "unique")}
        party = {"party": "某材料公司", "party_type": "material_supplier", "joint_units": [desk.section]}
        outside = desk.add(CONTROL, "external_liability", sheet_id=sheet, share_percent="20", **party)["id"]
        shown = desk.approved(sheet)
        assert (shown["share_total"], shown["external_amount"]) == ("100", "200.00")
        locked = desk.as_(CONTROL).call("PUT", f"external_liability/{outside}", 422, share_percent="10")
        assert rules(locked) == {("sheet_id", "locked")}
        settled = desk.step(
            CONTROL, "external_liability", outside, "settle", outcome="同意赔付", recovered_amount="180.00"
        )
        assert (settled["status"], settled["amount"]) == ("settled", "200.00")


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


REFUSED = {403, 404}  # no permission to change, or not within reach: the table of routes tells them apart
SECRET = ("loss_sheet", "loss_item", "resale", "responsibility_share", "external_liability", "sanction",
          "repentance_letter", "personnel_announcement", "penalty_notice")  # fmt: skip


def _opened(client):
    """Where somebody's notices lead."""
    ways = re.findall(r'href="(/notices/\d+/open)"', client.get("/notices/").text)
    return {client.get(way).location for way in ways}


def test_nobody_sees_another_s_consequences_by_any_route(desk):
    with at("2025-09-10 10:00"):
        case = desk.settled()
        sheet = desk.claim(case, "9000.00")
        mine = desk.share(sheet, ZHAO, "100")["id"]
        desk.approved(sheet)
        sanction = desk.sanctions(case)[desk.person[ZHAO], False]["id"]
        desk.sanctioned(sanction)
        notice = desk.noticed(case)
        letter = desk.rows(ZHAO, "repentance_letter")[0]["id"]
        number = desk.get(ZHAO, "sanction", sanction)["sanction_no"]
        told = (number, f"/sanction/{sanction}", f"/penalty_notice/{notice}")
        assert number in desk.as_(ZHAO).client.get("/notices/").text
        assert _opened(desk.as_(ZHAO).client) >= {*told[1:]}
        keys = {"loss_sheet": sheet, "responsibility_share": mine, "sanction": sanction, "penalty_notice": notice,
                "repentance_letter": letter}  # fmt: skip
        for other in (QIAN, REP, MANAGER, HR):
            client = desk.as_(other).client
            for slug in SECRET:
                listed = client.get(f"/api/v1/{slug}/")
                assert listed.status_code in (200, 403)
                assert slug == "resale" or (listed.get_json() or {}).get("result", []) == []
                assert "赵国栋" not in client.get(f"/{slug}/").text
                looked = client.get(f"/lookup/{slug}?q=").get_json(silent=True) or {}
                assert looked.get("results", []) == []
            for slug, key in keys.items():
                here = f"/{slug}/{key}"
                for address in (here, f"{here}/print", f"/api/v1{here}", f"/api/v1{here}/explain"):
                    assert client.get(address).status_code == unreached(client, slug), address
                for address in (f"{here}/edit", f"{here}/move/approve"):
                    assert client.get(address).status_code in REFUSED, address
                for address in (f"{here}/preview", f"/api/v1{here}/move/approve"):
                    assert client.post(address, json={}).status_code in REFUSED, address
            for address in ("/", "/approvals/", f"/complaint/{case}", f"/api/v1/complaint/{case}"):
                assert not any(text in client.get(address).text for text in told), address
            assert not any(text in client.get("/notices/").text for text in told)
            assert not _opened(client) & {*told[1:]}
            assert not any(text in client.get(f"/find?q={number}").text for text in told[1:])
        assert desk.as_(ZHAO).client.get(f"/sanction/{sanction}").status_code == 200
        assert desk.as_(ZHAO).client.get(f"/sanction/{sanction}/print").status_code == 200
        desk.as_(ZHAO).call("GET", f"loss_sheet/{sheet}", 403)


def test_prints_look_like_the_paper_and_tell_a_person_his_own_share_only(desk):
    with at("2025-09-10 10:00"):
        case = desk.settled()
        sheet = desk.sheet(case, *LOSSES)
        desk.share(sheet, ZHAO, "60")
        desk.share(sheet, QIAN, "40")
        desk.approved(sheet)
        notice = desk.noticed(case)
        paper = desk.as_(CONTROL).client.get(f"/loss_sheet/{sheet}/print").text
        told = ("华芯电路股份有限公司", "叁万壹仟陆佰伍拾元整", "500 × 86.00 × 20 % = 8,600.00", "韩志强", "18,990.00")
        assert [text for text in told if text not in paper] == []
        whole = desk.as_(BOOKS).client.get(f"/penalty_notice/{notice}/print?copy=2").text
        assert all(text in whole for text in ("第二份 会计单位查核", "梁伟东", "赵国栋", "钱小龙"))
        own = desk.as_(ZHAO).client.get(f"/penalty_notice/{notice}/print").text
        assert "赵国栋" in own
        assert "钱小龙" not in own
        history = desk.as_(CONTROL).client.get(f"/penalty_notice/{notice}").text
        assert "HTML" in history


def test_every_page_of_the_area_is_shown_to_who_works_there(desk):
    with at("2025-09-10 10:00"):
        case = desk.settled()
        sheet = desk.sheet(case, LOSSES[2])
        item = desk.rows(CONTROL, "loss_item", sheet_id=sheet)[0]
        assert item["line_no"] == f"{desk.get(CONTROL, 'loss_sheet', sheet)['sheet_no']}-1"
        resale = desk.add(
            CONTROL, "resale", loss_item_id=item["id"], decided_on="2025-09-10", grade_a_price="95.00"
        )["id"]  # fmt: skip
        desk.share(sheet, ZHAO, "100")
        client = desk.as_(CONTROL).client
        for address in (f"/loss_sheet/{sheet}", f"/loss_item/{item['id']}", f"/resale/{resale}", f"/complaint/{case}",
                        f"/loss_item/add?sheet_id={sheet}", "/sanction/add", "/personnel_announcement/"):  # fmt: skip
            assert client.get(address).status_code == 200, address
        assert f"/loss_item/add?sheet_id={sheet}" in client.get(f"/loss_sheet/{sheet}").text
        locked = desk.as_(REP).client.get(f"/loss_sheet/{sheet}")
        assert locked.status_code == 403
