"""B05 by clicks alone: a tip-off from the hotline to the archive, and whoever it names finds nothing of it."""

from __future__ import annotations

import pytest

from tests.scenarios import seats
from tests.scenarios.b05_desk import BOXES, HANDLER, HEAD, HOTLINE, KEEPER, LEADER, OWN, ROUTER, SUPERVISOR
from tests.system.journeys.desk import BOTH_WAYS, Office, Person

POLICY = "B05"
pytestmark = [pytest.mark.browser, pytest.mark.slow]
TITLE, FACTS, WHO = "隐秘举报甲七号", "深夜私下收取好处费", "欧阳不留名"
CASE = {
    "title": TITLE, "channel": "hotline", "matter": "tip_off", "signing": "signed", "scope": "three_tens",
    "facts": FACTS, "notice_summary": "反映收费问题", "outside_units": False, "economic_penalty": False,
    "accountability": False, "major_influence": False,
}  # fmt: skip
LISTS = ("complaint", "informant_identity", "customer_reply", "case_disposition", "joint_investigation", "urge_slip",
         "access_log", "report_snapshot", "delivery_receipt")  # fmt: skip
POSTS = ("supervisor", "receiving_dept", "service_centre", "unit_head", "handler", "handling_dept", "file_keeper",
         "hotline_agent")  # fmt: skip


def received(office: Office, **over: object) -> tuple[str, int]:
    """The hotline writes a tip-off down and who gave it; its number and id."""
    hotline = office.person(HOTLINE)
    hotline.open_register("complaint")
    hotline.add(**CASE | over)
    hotline.send()
    hotline.is_at("accepted")
    number, case = hotline.heading(), hotline.case_id
    if "signing" not in over:
        hotline.add_here("informant_identity")
        hotline.fill(name=WHO, phone="13900450012", address="北河镇东街九号", reply_preference="phone")
        hotline.send()
        assert WHO not in hotline.text()
        hotline.open_case(number)
    hotline.take("fill_notice")
    supervisor = office.person(SUPERVISOR)
    supervisor.open_approval(number)
    supervisor.answer("approve", gravity="ordinary")
    return number, case


def assigned(office: Office, number: str) -> None:
    """The router hands it to the own department, which has a relative of nobody as its handler."""
    router = office.person(ROUTER)
    router.open_case(number)
    router.is_at("reviewed")
    router.take("assign", handling_unit_id="营销部", handler_id="孙涛")
    router.is_at("handling")


@pytest.mark.parametrize("office", BOTH_WAYS, indirect=True)
def test_a_tip_off_from_the_hotline_to_the_archive(office, at):
    at("2025-10-09 09:00")
    number, case = received(office)
    assert number == "JB20251009001"
    for stranger in (HEAD, BOXES, "zhaoqiang"):
        office.person(stranger).cannot_see(f"/complaint/{case}")
    assigned(office, number)
    own, router, handler = office.person(OWN), office.person(ROUTER), office.person(HANDLER)
    own.open_case(number)
    own.take("report", course="走访核查", facts_found="属实", finding="true", opinion="责令整改")
    router.open_case(number)
    router.take("finish")
    own.open_case(number)
    own.begin("reply")
    own.send_in_vain()
    handler.open_case(number)
    handler.add_here("customer_reply")
    handler.fill(means="phone", replied_at="2025-10-09T09:00", content="已查实并整改", customer_response="accepted")
    handler.send()
    handler.open_case(number)
    handler.take("reply")
    _archived(office, number)


def _archived(office: Office, number: str) -> None:
    """The keeper compiles, the head of the unit signs, the keeper archives; no page named the informant."""
    keeper, head = office.person(KEEPER), office.person(HEAD)
    keeper.open_case(number)
    keeper.take("compile_replied")
    head.open_approval(number)
    head.answer("approve")
    keeper.open_case(number)
    keeper.take("archive")
    keeper.is_at("archived")
    assert WHO not in keeper.text()


def test_an_anonymous_tip_off_is_shelved_by_the_leader_and_taken_up_again(office, at):
    at("2025-10-09 09:00")
    number, _case = received(office, signing="anonymous")
    router, leader = office.person(ROUTER), office.person(LEADER)
    router.open_case(number)
    router.take("propose_shelving", shelve_reason="线索不清", vague=True, value="worthless")
    leader.open_approval(number)
    leader.answer("approve")
    leader.open_case(number)
    leader.is_at("shelved")
    leader.take("reopen", new_material="补交照片", handling_unit_id="营销部", handler_id="孙涛")
    leader.is_at("handling")


def test_the_named_person_finds_nothing(office, portal, at):
    at("2025-10-09 09:00")
    for account in ("mole", "twin"):
        seats.hire(portal, account, "PB-YX", *POSTS, scope="all", policy="B05")
    number, case = received(office, accused_people=["新mole"])
    mole, twin = office.person("mole"), office.person("twin")
    assert number in _searched(twin, number)
    assert TITLE in _listed(twin, "complaint")
    assigned(office, number)
    _sees_nothing(mole, number)
    _reaches_nothing(mole, number, case)
    assert _fetched(twin, f"/api/v1/complaint/{case}")[0] == 200


def _sees_nothing(mole: Person, number: str) -> None:
    """Searches and lists, with every filter."""
    for word in (number, TITLE, FACTS, WHO):
        assert word not in _searched(mole, word)
    for slug in LISTS:
        assert _told_nothing(_listed(mole, slug), number), slug
    for way in ("q=", "stage=open", "stage=closed", "stage=mine", "clock=late", "clock=today"):
        assert _told_nothing(_listed(mole, f"complaint/?{way}"), number), way


def _reaches_nothing(mole: Person, number: str, case: int) -> None:
    """The addresses of the case, its paper, the inbox, notices, reports, the policy's page and the API."""
    for way in ("", "/edit", "/print", "/move/assign", "/move/finish"):
        mole.cannot_see(f"/complaint/{case}{way}")
    for page in ("", "approvals/", "notices/", "policies/B05/1", "reports/B05.time_limits", "reports/B05.statistics",
                 "complaint/export?format=csv"):  # fmt: skip
        assert _told_nothing(_fetched(mole, f"/{page}")[1], number), page
    for path in (f"complaint/{case}", f"complaint/{case}/explain"):
        assert _fetched(mole, f"/api/v1/{path}")[0] == 404, path
    for path in ("complaint/", f"complaint/?q={TITLE[:2]}", "informant_identity/", f"lookup/complaint?q={number}"):
        assert _told_nothing(_fetched(mole, f"/api/v1/{path}")[1], number), path


def _told_nothing(text: str, number: str) -> bool:
    """Whether nothing on a page comes from the tip-off."""
    return not any(word in text for word in (number, TITLE, FACTS, WHO))


def _searched(person: Person, word: str) -> str:
    """What the search over everything answers, without the word that was typed."""
    person.home()
    person.page.keyboard.press("/")
    field = person.page.locator("header input[name=q]")
    field.fill(word)
    with person.page.expect_navigation(wait_until="load"):
        field.press("Enter")
    person.look()
    return "\n".join(person.page.locator("main a.kz-item").all_inner_texts())


def _listed(person: Person, path: str) -> str:
    """What a list says."""
    person.page.goto(f"{person.address}/{path}")
    person.look()
    return person.text()


def _fetched(person: Person, path: str) -> tuple[int, str]:
    """Status and text of an address, asked for with the browser's own session."""
    answer = person.page.request.get(f"{person.address}{path}")
    return answer.status, answer.text()
