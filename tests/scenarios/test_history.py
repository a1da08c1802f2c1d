"""Every saved state of a row, compared and brought back, on each database; personal data stay masked throughout."""

from __future__ import annotations

import re

import pytest

from tests.portal import counted
from tests.scenarios.desk import CONTROL, Desk, at
from tests.scenarios.editors import MANAGER, REP, opened


@pytest.fixture(autouse=True)
def half_past_nine():
    """All happens at one moment."""
    with at("2025-10-13 09:30"):
        yield


@pytest.fixture
def own(sign_in):
    """A customer of the representative with three saved states."""
    rep = sign_in(REP)
    made = rep.call("POST", "customer/", 201, customer_no="C-77", name="一名", city="一城", note="=1+1",
                    contact_phone="13812345678", opened_on="2025-01-02")["id"]
    rep.call("PUT", f"customer/{made}", name="二名", contact_phone="13900001111", opened_on="2025-02-03")
    rep.call("PUT", f"customer/{made}", name="三名", city=None)
    return made


def page(person, path, status=200):
    answer = person.client.get(f"{path}{'&' if '?' in path else '?'}_l_=zh")
    assert answer.status_code == status, answer.text
    return answer.text


def versions(person, own):
    return person.call("GET", f"customer/{own}/history")


def test_every_state_with_the_first_one(sign_in, own):
    told = versions(sign_in(MANAGER), own)
    assert [version["number"] for version in told["result"]] == [3, 2, 1]
    assert told["count"] == 3
    last, middle, first = told["result"]
    assert first["changes"]["name"] == [None, "一名"]
    assert middle["changes"]["contact_phone"] == ["138****5678", "139****1111"]
    assert last["changes"]["city"] == ["一城", None]
    assert {version["by"] for version in told["result"]} == {"许文静"}
    shown = page(sign_in(MANAGER), f"/customer/{own}/history")
    assert shown.count('name="old"') == 3
    assert "13900001111" not in shown
    link = f'href="/customer/{own}/history">全部版本：比较、恢复</a>'
    assert link in page(sign_in(MANAGER), f"/customer/{own}")


def test_two_states_side_by_side_in_either_order(sign_in, own):
    _last, middle, first = versions(sign_in(MANAGER), own)["result"]
    for old, new in ((first, middle), (middle, first)):
        shown = page(sign_in(MANAGER), f"/customer/{own}/history?old={old['id']}&new={new['id']}")
        table = shown[shown.index('id="compared"'):shown.index("</table>")]
        rows = re.findall(r'<td class="fw-medium">([^<]*)</td><td class="wrap"><del[^>]*>([^<]*)</del></td>'
                          r'<td[^>]*>([^<]*)</td>', table)
        assert sorted(rows) == sorted([("姓名或名称", "一名", "二名"), ("联系人电话", "138****5678", "139****1111"),
                                       ("建档日期", "2025-01-02", "2025-02-03")])
    assert page(sign_in(MANAGER), f"/customer/{own}/history?old=1&new=2", 404)


def test_a_state_comes_back_with_a_reason_and_through_the_checks(sign_in, own):
    first = versions(sign_in(REP), own)["result"][-1]
    path = f"/customer/{own}/restore?at={first['id']}"
    shown = page(sign_in(REP), path)
    assert re.findall(r'name="field" value="(\w+)" checked', shown) == ["name", "city", "opened_on"]
    assert "脱敏" in shown
    form = {"field": ["name", "city"], "row_version": re.search(r'name="row_version" value="(\d+)"', shown).group(1)}
    refused = sign_in(REP).client.post(path, data=form | {"reason": " "})
    assert refused.status_code == 422
    assert "请填写理由" in refused.text or "理由" in refused.text
    assert sign_in(REP).client.post(path, data=form | {"reason": "改错了"}).status_code == 302
    now = sign_in(REP).call("GET", f"customer/{own}")
    assert (now["name"], now["city"], now["opened_on"], now["contact_phone"]) == (
        "一名", "一城", "2025-02-03", "139****1111")
    newest = versions(sign_in(REP), own)["result"][0]
    assert (newest["number"], newest["reason"]) == (4, "改错了")
    # a stale page restores nothing
    assert sign_in(REP).client.post(path, data=form | {"field": ["opened_on"], "reason": "再来"}).status_code == 409


def test_what_cannot_come_back_says_why(sign_in, own):
    first = versions(sign_in(REP), own)["result"][-1]
    body = {"at": first["id"], "reason": "误改"}
    told = sign_in(REP).call("POST", f"customer/{own}/restore", 422, fields=["contact_phone"], **body)
    assert told["errors"][0]["field"] == "contact_phone"
    same = sign_in(REP).call("POST", f"customer/{own}/restore", 422, fields=["note"], **body)
    assert same["errors"][0]["rule"] == "same"
    sign_in(REP).call("POST", f"customer/{own}/restore", 422, fields=[], **body)
    sign_in(REP).call("POST", f"customer/{own}/restore", 404, fields=["name"], at=1, reason="x")
    sign_in(REP).call("POST", f"customer/{own}/restore", 400, fields="name", at=first["id"], reason="x")
    assert sign_in(REP).call("POST", f"customer/{own}/restore", fields=["name"], **body)["name"] == "一名"


def test_a_number_taken_meanwhile_does_not_come_back(sign_in, own):
    rep = sign_in(REP)
    rep.call("PUT", f"customer/{own}", customer_no="C-78")
    rep.call("POST", "customer/", 201, customer_no="C-77", name="另一家")
    first = versions(rep, own)["result"][-1]
    told = rep.call("POST", f"customer/{own}/restore", 422, fields=["customer_no"], at=first["id"], reason="原号")
    assert told["errors"][0]["rule"] == "unique"


def test_a_case_out_of_ones_hands_is_read_but_not_restored(sign_in):
    desk = Desk(sign_in)
    case = desk.open()
    sign_in(REP).call("PUT", f"complaint/{case}", title="改过的题")
    first = sign_in(REP).call("GET", f"complaint/{case}/history")["result"][-1]["id"]
    assert "restore" in page(sign_in(REP), f"/complaint/{case}/history")
    sign_in(REP).move(case, "submit")
    body = {"fields": ["title"], "at": first, "reason": "还原"}
    sign_in(REP).call("POST", f"complaint/{case}/restore", 403, **body)
    assert f"/complaint/{case}/restore" not in page(sign_in(REP), f"/complaint/{case}/history")
    assert page(sign_in(REP), f"/complaint/{case}/restore?at={first}", 403)
    assert opened(sign_in(CONTROL), f"/complaint/{case}/move/accept")
    states = [v["changes"].get("status") for v in sign_in(REP).call("GET", f"complaint/{case}/history")["result"]]
    assert states[-1][0] is None


def test_as_many_statements_for_many_states_as_for_few(portal, sign_in, own):
    rep = sign_in(REP)

    def cost(path):
        page(rep, path)
        with portal.app_context(), counted() as sent:
            page(rep, path)
        return len(sent)

    few = cost(f"/customer/{own}/history")
    for number in range(25):
        rep.call("PUT", f"customer/{own}", name=f"名{number}")
    assert cost(f"/customer/{own}/history") <= few
    second = page(rep, f"/customer/{own}/history?page=2")
    assert second.count('name="old"') == 8
    assert versions(rep, own)["count"] == 28
