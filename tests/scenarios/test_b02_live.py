"""What forms of consequences come to while they are filled in: the amounts of saving, and nothing is saved."""

from __future__ import annotations

import re

import pytest

from tests.scenarios.consequences import BOOKS, CONTROL, GENERAL, HEAD, QIAN, REP, ZHAO, Follow, at
from tests.scenarios.test_b02_consequences import LOSSES


@pytest.fixture
def desk(sign_in) -> Follow:
    with at("2025-09-01 09:00"):
        return Follow(sign_in)


def card(desk, who, path, status=200, **typed):
    """The words beside a form for what is typed."""
    answer = desk.as_(who).client.post(f"/{path}?_l_=zh", data=typed)
    assert answer.status_code == status, answer.text
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_a_loss_is_worked_out_as_it_is_typed(desk):
    with at("2025-09-10 10:00"):
        sheet = desk.sheet(desk.settled(), LOSSES[0])
        here = {"sheet_id": sheet, "kind": "return"}
        before = desk.rows(CONTROL, "loss_item", sheet_id=sheet)
        assert "尚待填写：单价" in card(desk, CONTROL, "loss_item/preview", quantity="500", **here)
        found = card(desk, CONTROL, "loss_item/preview", quantity="500", unit_price="86.00", **here)
        assert "500 × 86.00 × 20 % = 8,600.00" in found
        assert "20,600.00" in found
        assert "贰万零陆佰元整" in found
        assert "尚待填写：单价" in card(desk, CONTROL, "loss_item/preview", quantity="500", unit_price="eighty", **here)
        assert desk.rows(CONTROL, "loss_item", sheet_id=sheet) == before
        assert desk.get(CONTROL, "loss_sheet", sheet)["loss_total"] == "12000.00"
        key = before[0]["id"]
        edited = card(desk, CONTROL, f"loss_item/{key}/preview", actual_amount="12500.00")
        assert "12,500.00" in edited
        assert desk.get(CONTROL, "loss_item", key)["loss_amount"] == "12000.00"


def test_shares_say_what_is_missing_and_the_grade(desk):
    with at("2025-09-10 10:00"):
        sheet = desk.sheet(desk.settled(), *LOSSES)
        first = desk.share(sheet, ZHAO, "60")["id"]
        here = {"sheet_id": sheet, "bearer_type": "person", "employee_id": desk.person[QIAN]}
        found = card(desk, CONTROL, "responsibility_share/preview", share_percent="39.99", **here)
        assert "31,650.00 × 39.99 % = 12,656.83" in found
        assert "99.99 %，尚缺 0.01 %" in found
        assert "申诫一次" in found
        assert "悔过书" in card(desk, CONTROL, "responsibility_share/preview", share_percent="30", **here)
        assert "110 %，超出 10 %" in card(desk, CONTROL, "responsibility_share/preview", share_percent="50", **here)
        again = card(desk, CONTROL, f"responsibility_share/{first}/preview", share_percent="100")
        assert "比例合计 100 %" in again
        assert [row["share_percent"] for row in desk.rows(CONTROL, "responsibility_share", sheet_id=sheet)] == ["60"]


def test_papers_say_what_the_decision_leaves(desk):
    with at("2025-09-10 10:00"):
        case = desk.settled()
        slip = {"complaint_id": case, "slip_qty": "480", "unit_price": "86.00"}
        found = card(desk, REP, "goods_return/preview", **slip)
        assert "480 × 86.00 = 41,280.00" in found
        assert "此后尚余 20" in found
        assert "超出 1" in card(desk, REP, "goods_return/preview", **slip | {"slip_qty": "501"})
        paper = card(desk, REP, "return_certificate/preview", complaint_id=case, discount_amount="3500.00")
        assert "叁仟伍佰元整" in paper
        person = next(row["id"] for row in desk.rows(REP, "employee") if row["name"] == "许文静")
        rate = {"employee_id": person, "month": "2025-09", "receivable_due": "1000", "collected": "725"}
        assert "72.5 %" in card(desk, BOOKS, "recovery_rate/preview", **rate)


def test_the_card_is_for_those_who_may_write_the_row(desk):
    with at("2025-09-10 10:00"):
        sheet = desk.sheet(desk.settled(), LOSSES[0])
        typed = {"sheet_id": sheet, "kind": "claim", "actual_amount": "1"}
        key = desk.rows(CONTROL, "loss_item", sheet_id=sheet)[0]["id"]
        for who in (REP, HEAD, GENERAL):
            for path in ("loss_item/preview", f"loss_item/{key}/preview"):
                assert desk.as_(who).client.post(f"/{path}", data=typed).status_code == 403
        assert desk.as_(CONTROL).client.post("/loss_item/999/preview", data=typed).status_code == 404
        assert desk.as_(CONTROL).client.post("/loss_item/preview", data=typed | {"sheet_id": 999}).status_code == 404


def test_a_full_form_is_folded_when_a_step_asks_for_it(desk):
    with at("2025-09-10 10:00"):
        case = desk.open()
        form = desk.as_(REP).client.get(f"/complaint/{case}/move/submit?_l_=zh").text
        folded = form[form.index('<details class="card kz-fold">'):]
        assert 'name="order_no"' in folded
        assert "本步骤所需内容均已填妥" in form
        assert 'name="order_no"' not in form[: form.index("<details class")]
        desk.as_(REP).call("PUT", f"complaint/{case}", sales_note="", demand_text="")
        form = desk.as_(REP).client.get(f"/complaint/{case}/move/submit?_l_=zh").text
        shown = form[: form.index('<details class="card kz-fold">')]
        assert re.findall(r'<(?:input|textarea)[^>]*name="(\w+)"', shown)[-2:] == ["demand_text", "sales_note"]
        assert "均已填妥" not in form


def test_a_kept_personal_value_is_deleted_by_its_box_alone(desk):
    with at("2025-09-10 10:00"):
        key = desk.rows(REP, "customer")[0]["id"]
        before = desk.get(REP, "customer", key)
        assert 'name="contact_phone__clear"' in desk.as_(REP).client.get(f"/customer/{key}/edit").text
        typed = {"row_version": before["row_version"], "contact_phone": "", "contact_name": ""}
        saved = desk.as_(REP).client.post(f"/customer/{key}/edit", data=typed | {"contact_phone__clear": "true"})
        assert saved.status_code == 302
        after = desk.get(REP, "customer", key)
        assert (after["contact_phone"], after["contact_name"]) == (None, before["contact_name"])
