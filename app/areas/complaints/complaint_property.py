"""Fields that A08 adds to a complaint: project and nature, dispatches, the emergency ladder, unreasonable matters."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section

NATURES = {
    "unreasonable": _l("Unreasonable"),
    "daily": _l("Daily, reasonable"),
    "urgent_repair": _l("Urgent rescue or repair"),
    "major": _l("Important or grave"),
    "developer": _l("For the developer to solve"),
}
SEVERITIES = {"low": _l("Low"), "medium": _l("Medium"), "high": _l("High")}
PROGRESS = {
    "empty": _l("Nothing dispatched"),
    "sent": _l("Dispatched"),
    "working": _l("Being worked on"),
    "delayed": _l("Delayed"),
    "done": _l("Done"),
}
CHECKS = {"centre": _l("By the centre"), "joint": _l("Jointly with the developer")}
RESULTS = {"pass": _l("Passed"), "rework": _l("To be done again")}
LEVELS = {"office": _l("Management office"), "company": _l("Company leader"), "board": _l("Board")}


class ComplaintProperty(Record):
    """What a property-management company writes down beyond the family's fields."""

    id: Mapped[int] = detail_key("complaint")
    project_id: Mapped[int | None] = fields.ref(_l("Project"), "org_unit")
    fed_back_at: Mapped[dt.datetime | None] = fields.datetime(_l("Fed back to the desk"), computed=True)
    nature: Mapped[str | None] = fields.choice(_l("Nature"), NATURES)
    severity: Mapped[str | None] = fields.choice(_l("Severity"), SEVERITIES)
    verified: Mapped[bool | None] = fields.boolean(_l("Facts verified"))
    analysis: Mapped[str | None] = fields.longtext(_l("Analysis"))
    dispatch_to: Mapped[list[int] | None] = fields.refs(_l("Dispatched to"), "org_unit")
    finish_by: Mapped[dt.datetime | None] = fields.datetime(_l("To be finished by"))
    reply_by: Mapped[dt.datetime | None] = fields.datetime(_l("To be answered by"))
    progress: Mapped[str | None] = fields.choice(_l("Progress of the dispatches"), PROGRESS, computed=True)
    finished_at: Mapped[dt.datetime | None] = fields.datetime(_l("Handled at"))
    judgement: Mapped[str | None] = fields.longtext(_l("Why it is unreasonable"))
    explained_at: Mapped[dt.datetime | None] = fields.datetime(_l("Explained at"))
    explained_by_id: Mapped[int | None] = fields.ref(_l("Explained by"), "employee", computed=True)
    explanation_accepted: Mapped[bool | None] = fields.boolean(_l("The customer accepts the explanation"))
    head_involved: Mapped[bool | None] = fields.boolean(_l("The department head has come forward"))
    explanation_outcome: Mapped[str | None] = fields.longtext(_l("Outcome of the explanation"))
    reported_at: Mapped[dt.datetime | None] = fields.datetime(_l("Emergency reported at"))
    notified_units: Mapped[list[int] | None] = fields.refs(_l("Departments told"), "org_unit")
    notified_at: Mapped[dt.datetime | None] = fields.datetime(_l("Departments told at"), computed=True)
    level: Mapped[str | None] = fields.choice(_l("Reached the level"), LEVELS, computed=True)
    report_level: Mapped[str | None] = fields.choice(_l("Report due from"), LEVELS, computed=True)
    handed_up: Mapped[str | None] = fields.longtext(_l("Why it cannot be solved here"))
    leader_reported_at: Mapped[dt.datetime | None] = fields.datetime(_l("Company leader told at"), computed=True)
    board_phoned_at: Mapped[dt.datetime | None] = fields.datetime(_l("Board telephoned at"), computed=True)
    board_decision: Mapped[str | None] = fields.longtext(_l("Decision of the board"))
    check_kind: Mapped[str | None] = fields.choice(_l("Verified how"), CHECKS, computed=True)
    check_result: Mapped[str | None] = fields.choice(_l("Result of the verification"), RESULTS, computed=True)
    coordinated_at: Mapped[dt.datetime | None] = fields.datetime(_l("Co-ordination finished"), computed=True)
    visited: Mapped[bool] = fields.boolean(_l("Return visit made"), default=False, computed=True)
    satisfied: Mapped[bool | None] = fields.boolean(_l("Satisfied"), computed=True)

    register = Register(
        area="complaints", label=_l("Complaint (property)"), title="nature", detail_of="complaint", menu=False,
        actions=frozenset(), list=("project_id", "nature", "severity"), internal=("report_level",),
        sections=(
            Section(_l("Project and nature"), ("project_id", "nature", "severity", "verified", "analysis",
                                               "fed_back_at"), clause="2"),
            Section(_l("Dispatch"), ("dispatch_to", "finish_by", "reply_by", "progress", "finished_at"), clause="4"),
            Section(_l("Unreasonable matter"), ("judgement", "explained_at", "explained_by_id",
                                                "explanation_accepted", "head_involved", "explanation_outcome"),
                    clause="3"),
            Section(_l("Emergency"), ("reported_at", "notified_units", "notified_at", "level", "handed_up",
                                      "leader_reported_at", "board_phoned_at", "board_decision"), clause="6; 7"),
            Section(_l("Verification and visit"), ("check_kind", "check_result", "coordinated_at", "visited",
                                                   "satisfied"), clause="5; 8"),
        ),
    )  # fmt: skip
