"""Complaints of two companies over fourteen months, and how the dashboard is asked."""

from __future__ import annotations

import datetime as dt
import random

import pytest
import sqlalchemy as sa

from app.areas.complaints.complaint import Complaint
from app.areas.visits.visit import Visit
from app.core import clock
from app.core.db import session
from app.core.scope import Participation
from app.engines.deadlines.models import DeadlineClock
from app.engines.people.models import OrgUnit
from app.engines.policy.models import PackVersion
from tests.company import PASSWORD

NOW = dt.datetime(2025, 10, 15, 10, 0)
FINAL, OPEN = "closed", ("qc", "production", "decided")
VISITING = "A08"  # a policy that asks customers on visits
KEYS = ("B02.case", "B02.intake")
MANAGER, CONTROL, CLERK = "songzhiwei", "hepeishan", "xuwenjing"


def enter(app, who):
    client = app.test_client()
    assert client.post("/login/", data={"username": who, "password": PASSWORD}).status_code == 302
    client.get("/lang/en")
    return client


def made(n, dice, units, version):
    """The n-th complaint: some are not accepted yet, some are open, and every third lies in another company."""
    accepted = clock.from_local(NOW) - dt.timedelta(days=dice.randrange(420), minutes=dice.randrange(1440))
    state = dice.choice((FINAL, FINAL, *OPEN, "draft"))
    return {
        "id": n, "policy": "B02", "pack_version_id": version, "adopter_id": units["HX"], "title": f"投诉 {n}",
        "unit_id": units[dice.choice(("HX-SA", "HX-QC", "ZZ"))], "case_no": f"K{n}", "number": f"K{n}",
        "status": state, "accepted_at": None if state == "draft" else accepted,
        "closed_at": min(accepted + dt.timedelta(hours=dice.randrange(900)), clock.from_local(NOW))
        if state == FINAL else None,
        "category": dice.choice(("quality", "non_quality", None)),
        "responsible_unit_id": dice.choice((units["HX-M1"], units["HX-M2"], None)),
    }  # fmt: skip


def clock_of(row, key, dice):
    stopped = clock.from_local(NOW) if row["status"] == FINAL else None
    due = clock.from_local(NOW) + dt.timedelta(days=dice.choice((-3, 4)))
    return {
        "of_register": "complaint", "record_id": row["id"], "key": key, "words": {"zh": "时限", "en": "Limit"},
        "pack_version_id": row["pack_version_id"], "adopter_id": row["adopter_id"], "tone": "red", "state": "qc",
        "status": "met" if stopped else "running", "unit_id": row["unit_id"], "started_at": due, "due_at": due,
        "first_due_at": due, "stopped_at": stopped, "calendar": "CN", "adjustments": [], "provisional": False,
        "level": 0,
    }  # fmt: skip


def visit_of(row, dice, version):
    rating = dice.choice((None, "very", "yes", "fair", "no"))
    return {
        "visit_no": f"V{row['id']}", "kind": "return_visit", "complaint_id": row["id"], "unit_id": row["unit_id"],
        "policy": VISITING, "pack_version_id": version, "adopter_id": row["adopter_id"],
        "status": "made", "visited_at": row["closed_at"], "rating": rating,
        "satisfied": dice.choice((True, False, None)) if rating is None else None,
    }  # fmt: skip


def fill(first, number):
    """So many complaints with clocks and visits, the same in every run."""
    dice = random.Random(first)
    if session.scalar(sa.select(OrgUnit.id).filter_by(code="ZZ")) is None:
        session.add(OrgUnit(code="ZZ", name="别家公司", kind="company"))
        session.flush()
    units = dict(session.execute(sa.select(OrgUnit.code, OrgUnit.id)).all())
    version, visiting = (session.scalars(sa.select(PackVersion.id).filter_by(code=code)).one()
                         for code in ("B02", VISITING))  # fmt: skip
    rows = [made(n, dice, units, version) for n in range(first, first + number)]
    session.execute(sa.insert(Complaint), rows)
    session.execute(sa.insert(DeadlineClock), [clock_of(row, key, dice) for row in rows for key in KEYS])
    session.execute(sa.insert(Visit), [visit_of(row, dice, visiting) for row in rows if row["closed_at"]])
    sent = [row["id"] for row in rows if row["unit_id"] == units["ZZ"] and row["id"] % 10 == 0]
    session.execute(sa.insert(Participation), [
        {"register": "complaint", "record_id": key, "unit_id": units["HX-SA"], "employee_id": None} for key in sent
    ])  # fmt: skip
    session.commit()


@pytest.fixture
def office(portal):
    """Complaints of two companies over fourteen months."""
    with portal.app_context(), clock.freeze(NOW):
        fill(1, 240)
        session.remove()
    with clock.freeze(NOW):
        yield portal


def asked(client, key, query=""):
    answer = client.get(f"/dashboard/data/{key}{query}")
    assert answer.status_code == 200, answer.text
    return answer.json


def told(facts, place=0):
    """The figures of a series by label, those that are not nought."""
    found = ((line["label"], line["figures"][place]["text"]) for line in facts["lines"])
    return {label: text for label, text in found if text not in ("0", "—")}
