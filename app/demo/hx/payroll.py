"""The demo's bonuses: points of the people who make and sell, and two months that were run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from app.core import moves, saving
from app.core.register import registers
from app.demo.agenda import Agenda, Teller
from app.engines.people.models import OrgUnit

BOOKS, GENERAL = "fanghuimin", "liangweidong"
RECENT = dt.timedelta(days=66)
PAY = {
    "HX-SA": (("xuwenjing", "38", "2000.00"), ("linjiahao", "35", "1800.00"), ("songzhiwei", "60", "3200.00")),
    "HX-M1": (("denghaibo", "52", "2400.00"), ("hanzhiqiang", "65", "3600.00"), ("zhaoguodong", "45", "1800.00"),
              ("qianxiaolong", "42", "1750.00")),
    "HX-M2": (("taoyong", "50", "2300.00"), ("shenguodong", "65", "3500.00"), ("lilihua", "40", "1650.00")),
}  # fmt: skip


def runs(agenda: Agenda, units: Mapping[str, OrgUnit], begun: dt.date) -> Teller:
    """On the third of each of the last two months the month before is run."""
    first = begun.replace(day=1)
    while True:
        before, first = first, (first + dt.timedelta(days=32)).replace(day=1)
        day = dt.datetime.combine(first.replace(day=3), dt.time(9, 30))
        if agenda.end - day > RECENT:
            continue
        yield day
        with agenda.by(BOOKS):
            _enter(agenda, units, f"{before:%Y-%m}")
            run = saving.create(registers()["payroll_run"], {"month": f"{before:%Y-%m}"}).record
            moves.move(run, "propose")
        yield day + dt.timedelta(hours=2)
        with agenda.by(BOOKS):
            moves.move(run, "review")
        yield day + dt.timedelta(hours=5)
        with agenda.by(GENERAL):
            moves.move(run, "approve")
        yield day + dt.timedelta(hours=6)
        with agenda.by(BOOKS):
            moves.move(run, "take")


def _enter(agenda: Agenda, units: Mapping[str, OrgUnit], month: str) -> None:
    for code, rows in PAY.items():
        for account, points, bonus in rows:
            saving.create(registers()["pay_item"], {
                "month": month, "employee_id": agenda.people[account].id, "group_id": units[code].id,
                "section_id": units[code].id if units[code].kind == "section" else None, "points": points,
                "bonus": bonus,
            })  # fmt: skip
