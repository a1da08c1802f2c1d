"""Urgent visits of B02 and steps of any row, for the scenarios of both."""

from __future__ import annotations

from app.core.db import session
from app.engines.sweeps import operations as sweeps
from tests.scenarios.desk import QC, REP, SECTION, at
from tests.scenarios.seats import employee_id


def visit(desk, portal, **over):
    """An alert as sales writes it."""
    return {
        "customer_id": next(iter(desk.customers.values())), "reported_at": "2025-09-10T09:30",
        "abnormality": "上线即短路", "qc_can_attend": True, "qc_person_id": employee_id(portal, QC),
        "manufacturing_people": [employee_id(portal, SECTION)],
    } | over


def alerted(desk, portal, **over) -> int:
    return desk.as_(REP).call("POST", "urgent_visit/", 201, **visit(desk, portal, **over))["id"]


def step(desk, account, slug, row, key, status=200, reason="", **values):
    return desk.as_(account).call("POST", f"{slug}/{row}/move/{key}", status, values=values, reason=reason)


def explained(desk, account, slug, row):
    found = desk.as_(account).call("GET", f"{slug}/{row}/explain")["clocks"]
    return {line["key"].removeprefix("B02."): line for line in found}


def waiting(desk, account) -> list[dict]:
    return desk.as_(account).call("GET", "approval/inbox")["result"]


def sweep(portal, when: str) -> None:
    """The deadline sweep at a local time."""
    with portal.app_context(), at(when):
        sweeps.sync()
        sweeps.run("deadlines.due")
        session.remove()
