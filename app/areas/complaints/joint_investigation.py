"""Joint investigation (会同调查协商): a team, a visit or a talk of several departments about one case."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

KINDS = {"team": _l("Investigation team"), "visit": _l("Joint visit"), "negotiation": _l("Talk with the customer")}
RESULTS = {"agreed": _l("Agreed"), "continue": _l("To be continued"), "failed": _l("Not agreed")}


class JointInvestigation(Case, Record):
    """Who looks into a case together, led by whom, and what they found."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "team_no"),)

    team_no: Mapped[str | None] = fields.text(_l("Number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="team")
    complaint_id: Mapped[int] = fields.ref(_l("Complaint"), "complaint")
    leader_id: Mapped[int | None] = fields.ref(_l("Leader"), "employee")
    members: Mapped[list[int] | None] = fields.refs(_l("Members"), "employee")
    departments: Mapped[list[int] | None] = fields.refs(_l("Departments"), "org_unit")
    task: Mapped[str | None] = fields.longtext(_l("Task"))
    set_up_at: Mapped[dt.datetime | None] = fields.datetime(_l("Set up"), computed=True)
    limit_on: Mapped[dt.date | None] = fields.date(_l("Limit"))
    met_at: Mapped[dt.datetime | None] = fields.datetime(_l("Met or visited"))
    customer_position: Mapped[str | None] = fields.longtext(_l("Position of the customer"))
    result: Mapped[str | None] = fields.choice(_l("Result"), RESULTS)
    agreement: Mapped[str | None] = fields.longtext(_l("Agreement"))
    report: Mapped[str | None] = fields.longtext(_l("Report"))
    concluded_at: Mapped[dt.datetime | None] = fields.datetime(_l("Concluded"), computed=True)
    paper = fields.files(_l("Papers"))

    register = Register(
        area="complaints", label=_l("Joint investigation"), title="team_no", icon="users-group", from_pack=True,
        participants=True, subject="kind", party="complaint_id", actions=frozenset({"add", "edit"}),
        list=("team_no", "kind", "complaint_id", "leader_id", "status", "set_up_at", "concluded_at"),
        search=("team_no",), filters=("status", "kind", "complaint_id", "leader_id", "owner_id"),
        sections=(
            Section(_l("Team"), ("team_no", "status", "kind", "complaint_id", "leader_id", "members", "departments",
                                 "task", "limit_on", "set_up_at", "unit_id", "owner_id", "holder_unit_id"),
                    clause="第十二条"),
            Section(_l("Result"), ("met_at", "customer_position", "result", "agreement", "report", "concluded_at",
                                   "paper")),
        ),
    )  # fmt: skip
