"""What goes on beside the complaints: a reward, a sanction, the weekly and monthly statistics."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from app.areas.complaints.report_snapshot import ReportSnapshot
from app.core import moves, saving
from app.core.db import session
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, approve
from app.demo.yt.cases import BOARD, CENTRE

PERSONNEL, HEAD, OFFICE = "miaoxinyi", "yanliwei", "zhuangyi"
EVALUATION = "投诉总体平稳，处理时效达标；请工程部重点关注电梯与门禁。"
DAY = dt.timedelta(days=1)


def reward(agenda: Agenda) -> Teller:
    """A bonus that the department and the board agree to."""
    told = {"employee_id": agenda.people["qiaozhenyu"].id, "grade": "bonus", "amount": "800.00",
            "merit": "台风夜连续抢修十四小时，避免地下车库进水。"}
    with agenda.by(CENTRE):
        row: Any = saving.create(registers()["reward"], told).record
        moves.move(row, "submit")
    for who in (HEAD, BOARD):
        yield agenda.now() + DAY
        with agenda.by(who):
            approve(row, {})
    with agenda.by(PERSONNEL):
        moves.move(row, "grant")


def sanction(agenda: Agenda) -> Teller:
    """A written warning that the head and personnel agree to; another that waits for the head."""
    for person, grade, done in (("haoguoqing", "written_warning", True), ("qiaozhenyu", "demerit", False)):
        told = {"employee_id": agenda.people[person].id, "grade": grade, "harm": "operation_affected",
                "fault_text": "接到调度后未按规定回应，影响整体运作"}
        with agenda.by(OFFICE):
            row: Any = saving.create(registers()["sanction"], told).record
            moves.move(row, "submit")
        if done:
            yield agenda.now() + DAY
            with agenda.by("duanhongtao"):
                approve(row, {})
            with agenda.by(PERSONNEL):
                approve(row, {})


def statistics(agenda: Agenda) -> Teller:
    """The centre sends the statistics out when they are due, but for the latest."""
    while True:
        yield agenda.now() + DAY
        if agenda.end - agenda.now() < 6 * DAY:
            return
        mine = sa.select(ReportSnapshot).filter_by(status="open", policy="A08")
        for row in session.scalars(mine).all():
            with agenda.by(CENTRE):
                moves.move(row, "submit", values={"evaluation": EVALUATION})
