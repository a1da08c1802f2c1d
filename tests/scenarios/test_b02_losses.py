"""B02 after the decision: loss, resale, and who bears it, through REST."""

from __future__ import annotations

import pytest

from tests.scenarios.consequences import CONTROL, LI, QIAN, REP, ZHAO, at, sweep
from tests.scenarios.consequences_rules import LOSSES, desk, rules

__all__ = ["desk"]


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
