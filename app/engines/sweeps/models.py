"""Sweeps as rows: when each job runs next, and what every run found."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core import fields
from app.core.register import Record, Register, Section
from app.core.types import UtcDateTime

RUNNING, OK, FAILED, LOST = "running", "ok", "failed", "lost"
STATUSES = {
    RUNNING: _l("Running"),
    OK: _l("Finished"),
    FAILED: _l("Failed"),
    LOST: _l("Broken off"),
}


class SweepJob(Record):
    """When a sweep runs next, on whichever host (巡检作业); its course is in the run log, not in the audit trail."""

    name: Mapped[str] = fields.text(_l("Name"), 60, unique=True, computed=True)
    schedule: Mapped[str] = fields.text(_l("Schedule"), 60, computed=True)
    enabled: Mapped[bool] = fields.boolean(_l("Enabled"), default=True, computed=True)
    last_run_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    last_for: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    next_run_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    register = Register(
        area="platform",
        label=_l("Sweep"),
        title="name",
        icon="repeat",
        list=("name", "schedule", "enabled"),
        sections=(Section(_l("Sweep"), ("name", "schedule", "enabled")),),
        actions=frozenset(),
        permissions=("write",),
        menu=False,
    )


class SweepRun(Record):
    """One run of a sweep, by schedule or by hand (巡检运行记录)."""

    job_id: Mapped[int] = fields.ref(_l("Sweep"), "sweep_job", ondelete="CASCADE", computed=True)
    status: Mapped[str] = fields.choice(_l("Result"), STATUSES, computed=True)
    for_at: Mapped[dt.datetime] = fields.datetime(_l("Run for"), computed=True)
    started_at: Mapped[dt.datetime] = fields.datetime(_l("Started"), computed=True)
    ended_at: Mapped[dt.datetime | None] = fields.datetime(_l("Ended"), computed=True)
    by_hand: Mapped[bool] = fields.boolean(_l("By hand"), computed=True)
    host: Mapped[str] = fields.text(_l("Host"), 120, computed=True)
    counts: Mapped[dict[str, int]] = fields.json(_l("Counts"))
    findings: Mapped[list[dict[str, Any]]] = fields.json(_l("Findings"))
    error: Mapped[str | None] = fields.longtext(_l("Error"), computed=True)
    register = Register(
        area="platform",
        label=_l("Sweep run"),
        title="id",
        icon="history",
        list=("job_id", "for_at", "status", "started_at", "ended_at", "host"),
        sections=(
            Section(_l("Run"), ("job_id", "status", "for_at", "started_at", "ended_at", "by_hand", "host")),
            Section(_l("Result"), ("counts", "findings", "error")),
        ),
        actions=frozenset(),
        menu=False,
        log=False,
    )


Index("ix_sweep_run_job_id_id", SweepRun.job_id, SweepRun.id)
