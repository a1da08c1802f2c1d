"""The way of a complaint through its departments, as far as several stories share it."""

from __future__ import annotations

from typing import Any

from tests.system.journeys.desk import Office, Person

REP, COLLEAGUE, MANAGER, CONTROL = "xuwenjing", "linjiahao", "songzhiwei", "hepeishan"
QC, SECTION, OTHER_SECTION, OFFICE, RD = "luojianguo", "denghaibo", "taoyong", "zhengguoqiang", "pengsiyuan"
DEPUTY, GENERAL, BOOKS = "zhouqiming", "liangweidong", "fanghuimin"
SECTION_NAME, CUSTOMER = "制造一部压合课", "苏州启衡电子有限公司"


def form(**over: Any) -> dict[str, Any]:
    """What sales writes about a complaint."""
    return {
        "title": "回流焊后爆板分层", "customer_id": CUSTOMER, "market": "domestic", "channel": "phone",
        "claimed_amount": "98000.00", "order_no": "PO250926", "part_no": "HD10-5028", "product": "10 层 HDI 主板",
        "shipped_on": "2025-08-20", "shipped_qty": "3200", "defective_qty": "46",
        "abnormality": "客户上线后发现分层，已隔离同批库存。", "customer_demand": ["claim"],
        "demand_text": "赔偿损失并提出改善报告。", "complaint_reason": "回流后分层", "sample_attached": True,
        "sales_note": "附异常样品，请尽快追查。",
    } | over


def report(office: Office, **over: Any) -> Person:
    """Sales fills the form and sends it off."""
    rep = office.person(REP)
    rep.open_register("complaint")
    rep.add(**form(**over))
    rep.send()
    rep.is_at("draft")
    rep.take("submit")
    rep.is_at("submitted")
    return rep


def accept(office: Office, title: str = "回流焊后爆板分层") -> str:
    """Case control accepts it; its number."""
    control = office.person(CONTROL)
    control.open_case(title)
    control.take("accept")
    control.is_at("registered")
    return control.page.locator("h1").inner_text()


def investigate(office: Office, number: str, *, research: bool = False) -> None:
    """Quality, production, the plant manager's office and perhaps R&D; then back with sales."""
    control, qc = office.person(CONTROL), office.person(QC)
    control.open_case(number)
    control.take("send_to_qc")
    qc.open_case(number)
    qc.is_at("qc")
    qc.take(
        "judge", category="quality", qc_cause="半固化片回温不足 4 小时。", responsible_unit_id=SECTION_NAME,
        production_unit_id=SECTION_NAME,
    )
    section = office.person(SECTION)
    section.open_case(number)
    section.is_at("production")
    section.take(
        "analyse", shift="甲班", operators=["邓海波"], produced_on="2025-08-01", production_cause="回温不足。",
        countermeasure="回温延长到 8 小时并加温湿度记录卡。",
    )
    plant = office.person(OFFICE)
    plant.open_case(number)
    plant.is_at("manager_office")
    plant.take("ask_rd" if research else "instruct", manager_office_note="同意对策，限期完成。")
    if research:
        rd = office.person(RD)
        rd.open_case(number)
        rd.is_at("rd")
        rd.take("advise", rd_opinion="材料 Tg 余量足够，问题在回温。")
    control.open_case(number)
    control.is_at("gm_check")
    control.take("check", gm_office_check="资料齐全，责任明确。")
    control.is_at("sales_opinion")


def put_up(office: Office, number: str, proposed: str) -> None:
    """Sales proposes, case control combines and puts it up for decision."""
    rep, control = office.person(REP), office.person(CONTROL)
    rep.open_case(number)
    rep.take("propose", sales_opinion="客户关系重要，建议按客户要求处理。", proposed_settlement_amount=proposed)
    rep.is_at("combined")
    control.open_case(number)
    control.take("route", combined_opinion="回温不足造成分层，建议同意业务意见。")
    control.is_at("pending_decision")


def decide(office: Office, number: str, who: str, **fields: Any) -> Person:
    """The decider answers in the approvals inbox."""
    decider = office.person(who)
    decider.open_approval(number)
    decider.answer("approve", **{"decision": "同意综合意见。", "founded": True} | fields)
    return decider


def talk(
    office: Office, number: str, *, accepted: bool, promised: str, told_at: str, quantity: str = "0"
) -> None:
    """Sales tells the customer, records the reply and the result; the manager reviews, case control combines."""
    rep, manager, control = office.person(REP), office.person(MANAGER), office.person(CONTROL)
    rep.open_case(number)
    rep.is_at("decided")
    rep.take("negotiate")
    rep.is_at("negotiating")
    record_reply(rep, promised, told_at, accepted=accepted, quantity=quantity)
    rep.open_case(number)
    result = "客户接受处理方案。" if accepted else "客户不接受，要求全额赔偿。"
    rep.take("report_result", negotiation_result=result, customer_accepts=accepted)
    manager.open_approval(number)
    manager.answer("approve")
    control.open_case(number)
    control.is_at("result_combined")
    control.take("combine_result", combined_opinion=f"{result}建议依交涉结果办理。")


def record_reply(rep: Person, promised: str, told_at: str, *, accepted: bool, quantity: str = "0") -> None:
    """What the customer was told, from the case's own page."""
    rep.click(rep.page.locator('main a[href*="/customer_reply/add"]').locator("visible=true"))
    rep.fill(
        means="phone", replied_at=told_at, content="已说明核决结果。", promised_amount=promised,
        promised_return_qty=quantity, customer_response="accepted" if accepted else "refused",
    )
    rep.send()
