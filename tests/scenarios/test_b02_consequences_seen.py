"""B02 after the decision: who sees it, on pages and on paper."""

from __future__ import annotations

import re

from tests.portal import may, unreached
from tests.scenarios.consequences import BOOKS, CONTROL, HR, MANAGER, QIAN, REP, ZHAO, at
from tests.scenarios.consequences_rules import LOSSES, desk

__all__ = ["desk"]


NOBODY = 999_999_999
SECRET = ("loss_sheet", "loss_item", "resale", "responsibility_share", "external_liability", "sanction",
          "repentance_letter", "personnel_announcement", "penalty_notice")  # fmt: skip


def _opened(client):
    """Where somebody's notices lead."""
    ways = re.findall(r'href="(/notices/\d+/open)"', client.get("/notices/").text)
    return {client.get(way).location for way in ways}


def test_nobody_sees_another_s_consequences_by_any_route(portal, desk):
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
                assert listed.status_code == (200 if may(portal, other, slug, "read") else 403), slug
                assert slug == "resale" or (listed.get_json() or {}).get("result", []) == []
                assert "赵国栋" not in client.get(f"/{slug}/").text
                looked = client.get(f"/lookup/{slug}?q=").get_json(silent=True) or {}
                assert looked.get("results", []) == []
            for slug, key in keys.items():
                here, nowhere = f"/{slug}/{key}", f"/{slug}/{NOBODY}"
                for address in (here, f"{here}/print", f"/api/v1{here}", f"/api/v1{here}/explain"):
                    assert client.get(address).status_code == unreached(client, slug), address
                for way in ("edit", "move/approve"):  # as for a row that is none: 404, or 403 to who may not change any
                    assert client.get(f"{here}/{way}").status_code == client.get(f"{nowhere}/{way}").status_code, way
                assert client.post(f"{here}/preview").status_code == client.post(f"{nowhere}/preview").status_code
                moved = (client.post(f"/api/v1{row}/move/approve", json={}).status_code for row in (here, nowhere))
                assert next(moved) == next(moved), slug
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
