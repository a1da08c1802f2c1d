"""Fields that A12 adds to a handling form: judgement, cause, solution, decision and answer of one round."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.areas.complaints.complaint_dealer import ANSWERS, SATISFIED
from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section


class HandlingDealer(Record):
    """One round as it was; the case forgets most of it when the next round begins."""

    id: Mapped[int] = detail_key("complaint_handling")
    reason_sufficient: Mapped[bool | None] = fields.boolean(_l("Reason is sufficient"), computed=True)
    demand_reasonable: Mapped[bool | None] = fields.boolean(_l("Demand is reasonable"), computed=True)
    handling_responsibility: Mapped[str | None] = fields.longtext(_l("Responsibility for the handling"), computed=True)
    cause: Mapped[str | None] = fields.longtext(_l("Cause of the complaint"), computed=True)
    responsible_person_id: Mapped[int | None] = fields.ref(_l("Person responsible"), "employee", computed=True)
    solution: Mapped[str | None] = fields.longtext(_l("Solution"), computed=True)
    cost: Mapped[Decimal | None] = fields.money(_l("Cost of the solution"), computed=True, unit=_l("yuan"))
    proposed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Solution proposed"), computed=True)
    gm_decision: Mapped[str | None] = fields.choice(_l("Opinion of the general manager"), ANSWERS, computed=True)
    gm_comment: Mapped[str | None] = fields.longtext(_l("Comment of the general manager"), computed=True)
    gm_decided_at: Mapped[dt.datetime | None] = fields.datetime(_l("Decided"), computed=True)
    informed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Customer informed"), computed=True)
    informed_by_id: Mapped[int | None] = fields.ref(_l("Informed by"), "employee", computed=True)
    customer_reaction: Mapped[str | None] = fields.longtext(_l("Reaction of the customer"), computed=True)
    delay_responsible_id: Mapped[int | None] = fields.ref(_l("Responsible for the delay"), "employee", computed=True)
    satisfaction: Mapped[str | None] = fields.choice(_l("Satisfaction"), SATISFIED, computed=True)

    register = Register(
        area="complaints", label=_l("Handling form (car dealer)"), title="gm_decision",
        detail_of="complaint_handling", menu=False, actions=frozenset(), list=("gm_decision", "satisfaction"),
        sections=(
            Section(_l("Judgement"), ("reason_sufficient", "demand_reasonable", "handling_responsibility"),
                    clause="4N-2"),
            Section(_l("Cause and solution"), ("cause", "responsible_person_id", "solution", "cost", "proposed_at"),
                    clause="4N-3"),
            Section(_l("Decision"), ("gm_decision", "gm_comment", "gm_decided_at"), clause="4N-4"),
            Section(_l("Informing the customer"), ("informed_at", "informed_by_id", "customer_reaction", "satisfaction",
                                              "delay_responsible_id"), clause="4N-4"),
        ),
    )  # fmt: skip
