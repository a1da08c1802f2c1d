"""Beside the complaints: the list of important customers, a training, a score, a window that a customer asked for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.core import moves, saving
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, approve, working_time
from app.demo.at.cases import GENERAL, SERVICE
from app.demo.people import Company


def schedule(agenda: Agenda, company: Company, begun: dt.datetime) -> None:
    """Put them on the agenda."""
    agenda.add(working_time(begun + dt.timedelta(days=3)), _important(agenda, company))
    agenda.add(working_time(begun + dt.timedelta(days=40)), _training(agenda, company))
    agenda.add(working_time(begun + dt.timedelta(days=95)), _score(agenda, company))


def _important(agenda: Agenda, company: Company) -> Teller:
    fleet = company.customers[3]
    told = {"customer_id": fleet.id, "kind": "important", "reason": "合作车队，年维修量居前",
            "valid_from": agenda.now().date().isoformat()}  # fmt: skip
    with agenda.by(SERVICE):
        row: Any = saving.create(registers()["customer_grade"], told).record
        moves.move(row, "propose")
    yield working_time(agenda.now() + dt.timedelta(hours=4))
    with agenda.by(GENERAL):
        approve(row, {})


def _training(agenda: Agenda, company: Company) -> Teller:
    people = [company.people[name].id for name in ("caiwenbo", "yaojing", "wuguoliang", "shaoyong")]
    told = {"kind": "skill", "topic": "投诉调查与客户沟通", "held_on": agenda.now().date().isoformat(),
            "participants": people, "trainer_id": company.people[SERVICE].id}  # fmt: skip
    with agenda.by(SERVICE):
        row: Any = saving.create(registers()["training_session"], told).record
    yield working_time(agenda.now() + dt.timedelta(hours=6))
    with agenda.by(SERVICE):
        moves.move(row, "hold", values={"result": "四人参加，案例演练合格。"})


def _score(agenda: Agenda, company: Company) -> Teller:
    today = agenda.now().date()
    told = {"kind": "score", "target_unit_id": company.units["AT-D"].id, "checked_at": agenda.now().isoformat(),
            "period_from": (today - dt.timedelta(days=90)).isoformat(), "period_to": today.isoformat(),
            "findings": "时限达成，联系记录偶有缺漏。", "score": "92",
            "advice": "每日上午固定安排一次联系。"}  # fmt: skip
    with agenda.by(SERVICE):
        row: Any = saving.create(registers()["supervision_check"], told).record
        moves.move(row, "tell")
    yield agenda.now()
