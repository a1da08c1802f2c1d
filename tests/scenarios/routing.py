"""People and settings of B02 on its route."""

from __future__ import annotations

import sqlalchemy as sa

from app.core.db import session
from app.engines.people.models import OrgUnit
from app.engines.policy import operations as policy
from tests.scenarios.desk import BOOKS, CONTROL, DEPUTY, GENERAL, MANAGER, OFFICE, QC, RD, REP, SECTION, clocks

OTHER_REP, OTHER_SECTION = "linjiahao", "taoyong"
EVERYBODY = (REP, OTHER_REP, MANAGER, CONTROL, QC, SECTION, OTHER_SECTION, OFFICE, RD, DEPUTY, GENERAL, BOOKS)


def adopter(portal) -> OrgUnit:
    return session.scalars(sa.select(OrgUnit).filter_by(code="HX")).one()


def setting(portal, key: str, value: str) -> None:
    """Another value of a setting of B02 for the company."""
    with portal.app_context():
        policy.set_parameter(adopter(portal), "B02", key, value, "按管理层决定")
        session.commit()
        session.remove()


def due(desk, case: int, key: str) -> str:
    return clocks(desk, case)[key]["due_at"].removesuffix("+08:00")


def judged(desk) -> dict:
    """What quality finds."""
    return {"category": "quality", "qc_cause": "回温不足", "responsible_unit_id": desk.section,
            "production_unit_id": desk.section}


def analysed(desk) -> dict:
    """What production finds."""
    return {"production_cause": "回温不足", "countermeasure": "延长回温", "shift": "甲", "produced_on": "2025-08-01",
            "production_unit_id": desk.section, "operators": [desk.operator]}


def judge(desk, case: int):
    return desk.as_(QC).move(case, "judge", **judged(desk))


def analyse(desk, case: int):
    return desk.as_(SECTION).move(case, "analyse", **analysed(desk))
