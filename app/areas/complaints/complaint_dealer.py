"""Fields that A12 adds to a complaint: the vehicle, its kind and severity, who handles it, solution and answer."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section

MATTERS = {
    "product": _l("Quality of the product"), "contract": _l("Contract of a new car"),
    "repair": _l("Quality of a repair"),
    "service": _l("Quality of the service"), "suggestion": _l("Proposal, suggestion, criticism"),
}
SEVERITIES = {"general": _l("Ordinary complaint"), "major": _l("Major complaint")}
TESTS = {
    "m1": _l("Injury, fire or road safety"), "m2": _l("Claim"), "m3": _l("Media, consumer body, 12315 or court"),
    "m4": _l("Vehicle complained of repeatedly"), "m5": _l("Judged so by the manager"),
}
DEPARTMENTS = {"sales_manager": _l("Sales department"), "service_manager": _l("Service department")}
ANSWERS = {"approved": _l("Agrees"), "refused": _l("Does not agree")}
SATISFIED = {"very": _l("Very satisfied"), "yes": _l("Satisfied"), "fair": _l("Neutral"), "no": _l("Dissatisfied")}


class ComplaintDealer(Record):
    """What a car dealer writes down beyond the family's fields."""

    id: Mapped[int] = detail_key("complaint")
    asset_id: Mapped[int | None] = fields.ref(_l("Vehicle"), "customer_asset")
    plate_no: Mapped[str | None] = fields.text(_l("Plate number"), 20)
    vin: Mapped[str | None] = fields.text(_l("Frame number (VIN)"), 30, help=_l("Needed while the car has no plate."))
    delivered: Mapped[bool | None] = fields.boolean(_l("Car was delivered"))
    matter: Mapped[str | None] = fields.choice(_l("Kind of complaint"), MATTERS)
    severity: Mapped[str | None] = fields.choice(_l("Severity of the complaint"), SEVERITIES, computed=True)
    severity_tests: Mapped[list[str] | None] = fields.choices(_l("Tests that hold"), TESTS, computed=True)
    severity_since: Mapped[dt.datetime | None] = fields.datetime(_l("In this class since"), computed=True)
    safety_risk: Mapped[bool | None] = fields.boolean(_l("Injury, fire or road-safety risk"))
    outside_body: Mapped[bool | None] = fields.boolean(_l("Media, consumer body, 12315 or court involved"))
    vehicle_complaints: Mapped[int | None] = fields.integer(_l("Complaints of this vehicle"), computed=True)
    judged_major: Mapped[bool | None] = fields.boolean(_l("Major by judgement"))
    major_reason: Mapped[str | None] = fields.longtext(_l("Why it is major"))
    reason_sufficient: Mapped[bool | None] = fields.boolean(_l("Reason is sufficient"))
    demand_reasonable: Mapped[bool | None] = fields.boolean(_l("Demand is reasonable"))
    handling_responsibility: Mapped[str | None] = fields.longtext(_l("Responsibility for the handling"))
    handling_department: Mapped[str | None] = fields.choice(
        _l("Handling department"), DEPARTMENTS, help=_l("Left empty, the kind of complaint decides.")
    )
    handler_id: Mapped[int | None] = fields.ref(_l("Handler"), "employee", computed=True)
    assigned_at: Mapped[dt.datetime | None] = fields.datetime(_l("Assigned"), computed=True)
    cause: Mapped[str | None] = fields.longtext(_l("Cause of the complaint"))
    responsible_person_id: Mapped[int | None] = fields.ref(_l("Person responsible"), "employee")
    solution: Mapped[str | None] = fields.longtext(_l("Solution"))
    proposed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Solution proposed"), computed=True)
    gm_decision: Mapped[str | None] = fields.choice(_l("Opinion of the general manager"), ANSWERS, computed=True)
    informed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Customer informed"))
    informed_by_id: Mapped[int | None] = fields.ref(_l("Informed by"), "employee", computed=True)
    customer_reaction: Mapped[str | None] = fields.longtext(_l("Reaction of the customer"))
    delay_responsible_id: Mapped[int | None] = fields.ref(_l("Responsible for the delay"), "employee")
    satisfaction: Mapped[str | None] = fields.choice(_l("Satisfaction"), SATISFIED, computed=True)
    asked_at: Mapped[dt.datetime | None] = fields.datetime(_l("Asked for the satisfaction"), computed=True)

    register = Register(
        area="complaints", label=_l("Complaint (car dealer)"), title="plate_no", detail_of="complaint", menu=False,
        actions=frozenset(), search=("plate_no", "vin"),
        list=("plate_no", "matter", "severity", "handling_department", "satisfaction"),
        sections=(
            Section(_l("Vehicle"), ("asset_id", "plate_no", "vin", "delivered"), clause="4N-1"),
            Section(
                _l("Kind and severity"),
                ("matter", "severity", "severity_since", "severity_tests", "safety_risk", "outside_body",
                 "vehicle_complaints", "judged_major", "major_reason"),
                clause="4N-2",
            ),
            Section(
                _l("Responsibility for the handling"),
                ("reason_sufficient", "demand_reasonable", "handling_responsibility", "handling_department",
                 "handler_id", "assigned_at"),
                clause="4N-2",
            ),
            Section(
                _l("Cause and solution"),
                ("cause", "responsible_person_id", "solution", "proposed_at", "gm_decision"),
                clause="4N-3",
            ),
            Section(
                _l("Informing the customer"),
                ("informed_at", "informed_by_id", "customer_reaction", "delay_responsible_id"),
                clause="4N-4",
            ),
            Section(_l("Satisfaction"), ("satisfaction", "asked_at"), clause="4N-5"),
        ),
    )  # fmt: skip
