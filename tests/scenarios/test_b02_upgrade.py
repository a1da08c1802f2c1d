"""An installation that works by version 1 of B02 takes up version 2, which counts every report and keeps it."""

from __future__ import annotations

import copy

import sqlalchemy as sa

from app.areas.complaints.report_snapshot import ReportSnapshot
from app.core.db import session
from app.engines.audit import operations as audit
from app.engines.policy import operations as policy
from app.engines.policy import versions
from app.engines.policy.models import PackVersion
from tests.scenarios.desk import CONTROL, GENERAL, at, sweep

NEW = ("archive", "correct", "supersede", "keep_list")


def first_version(content):
    """What version 1 said: no figures, nothing kept by itself, statistics that end when they are submitted."""
    old = copy.deepcopy(dict(content))
    old["version"] = "1"
    for key, report in old["reports"].items():
        for name in ("figures", "keep", *(["shows"] if key in ("sanction_review", "loss_sharing") else [])):
            report.pop(name, None)
    del old["parameters"]["payroll_day"]
    case = old["cases"]["report_snapshot"]
    case["moves"] = {key: move for key, move in case["moves"].items() if key not in NEW}
    case["moves"]["submit"].pop("effects")
    case["states"]["submitted"]["final"] = "yes"
    del case["states"]["archived"], case["states"]["superseded"], case["steps"][-1]
    del old["clocks"]["monthly_task"]["allowances"][0]["when"]
    return old


def rows(desk, period):
    """The kept rows of a month by report."""
    found = desk.as_(CONTROL).call("GET", f"report_snapshot/?period={period}")["result"]
    return {row["report"]: row for row in found}


def test_version_one_takes_up_version_two(portal, desk):
    with portal.app_context(), at("2025-09-02 09:00"):
        table = PackVersion.__table__
        old = first_version(session.scalars(sa.select(PackVersion.content).filter_by(code="B02")).one())
        with audit.bulk_change("as it was"):
            of_b02 = sa.update(table).where(table.c.code == "B02")
            session.execute(of_b02.values(version=1, content=old, sha256=versions.fingerprint(old)))
        session.commit()
        session.remove()
    with at("2025-09-10 10:00"):
        desk.closed(desk.accepted())
    sweep(portal, "tasks.open", "2025-10-01 00:10")
    assert sweep(portal, "reports.keep", "2025-10-08 01:00").counts["hit"] == 0
    with portal.app_context(), at("2025-10-08 09:00"):
        assert policy.load_packs() == {"loaded": 1}
        waiting = session.scalars(sa.select(PackVersion).filter_by(code="B02", version=2)).one()
        assert waiting.status == "draft"
        session.commit()
        session.remove()
    with at("2025-10-08 10:00"):
        chief = desk.as_(GENERAL).client
        assert chief.post("/policy/B02/2/approve", data={"effective_from": "2025-10-08"}).status_code == 302
        before = rows(desk, "2025-09")
        assert len(before) == 3
        statistics = before["B02.monthly_statistics"]
        kept = desk.as_(CONTROL).call("GET", f"kept_report/{statistics['id']}")
        assert (kept["figures"], kept["rows"]["count"]) == (None, 1)
        assert desk.as_(CONTROL).client.get(f"/report_snapshot/{statistics['id']}").status_code == 200
    assert sweep(portal, "reports.keep", "2025-10-09 01:00").counts["hit"] == 2
    sweep(portal, "tasks.open", "2025-11-01 00:10")
    with at("2025-11-03 09:00"):
        after = rows(desk, "2025-10")
        assert set(before) <= set(after)
        counted = desk.as_(CONTROL).call("GET", f"kept_report/{after['B02.monthly_statistics']['id']}")
        assert counted["figures"]["measures"]["closed"] == "0"
        assert rows(desk, "2025-10-08")["B02.overdue"]["status"] == "archived"
    with portal.app_context():
        assert session.scalar(sa.select(sa.func.count()).select_from(ReportSnapshot).filter_by(period="2025-09")) == 3
        session.remove()
