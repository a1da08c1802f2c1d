"""Complaint verification (核实复检记录): facts or results of a case are checked, by one side or by several together."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.areas.complaints.sample import RESAMPLING
from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

KINDS = {
    "centre": _l("By the centre"),
    "joint": _l("Jointly with the developer"),
    "superior": _l("By the unit above"),
    "data_review": _l("Review of the data"),
    "retest": _l("Second test"),
    "staff_finding": _l("Finding about a person"),
}
SAMPLES = {"original": _l("Original sample"), "resampled": _l("New sample")}
RESULTS = {"pass": _l("Passed"), "rework": _l("To be done again"), "unverifiable": _l("Cannot be verified")}


class ComplaintVerification(Case, Record):
    """Opened when the work on a case is done; its result lets the case go on or leads it back."""

    complaint_id: Mapped[int] = fields.ref(_l("Complaint"), "complaint", computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, computed=True)
    counted_from: Mapped[dt.datetime | None] = fields.datetime(_l("Counted from"), computed=True)
    due_at: Mapped[dt.datetime | None] = fields.datetime(_l("Due"), computed=True)
    findings: Mapped[str | None] = fields.longtext(_l("Findings"))
    result: Mapped[str | None] = fields.choice(_l("Result"), RESULTS, computed=True)
    redo_by: Mapped[dt.datetime | None] = fields.datetime(_l("To be done again by"))
    centre_verifier_id: Mapped[int | None] = fields.ref(_l("Verified by the centre"), "employee", computed=True)
    outside_verifier_id: Mapped[int | None] = fields.ref(_l("Verified by the developer"), "employee", computed=True)
    property_verifier_id: Mapped[int | None] = fields.ref(_l("Verified by the company"), "employee", computed=True)
    verified_at: Mapped[dt.datetime | None] = fields.datetime(_l("Verified at"), computed=True)
    raw_records_ok: Mapped[bool | None] = fields.boolean(_l("Raw records checked and in order"))
    equipment_ok: Mapped[bool | None] = fields.boolean(_l("Equipment checked and in order"))
    opinion: Mapped[str | None] = fields.longtext(_l("Preliminary opinion"))
    reviewed_by_id: Mapped[int | None] = fields.ref(_l("Reviewed by"), "employee", computed=True)
    approved_by_id: Mapped[int | None] = fields.ref(_l("Approved by"), "employee", computed=True)
    approved_on: Mapped[dt.date | None] = fields.date(_l("Approved on"), computed=True)
    sampling_fault: Mapped[bool | None] = fields.boolean(_l("Sampling or transport was at fault"))
    resample_reason: Mapped[str | None] = fields.choice(_l("Why sampled again"), RESAMPLING)
    sample_source: Mapped[str | None] = fields.choice(_l("Sample used"), SAMPLES)
    sampler_id: Mapped[int | None] = fields.ref(_l("Sampler"), "employee")
    sampling_place: Mapped[str | None] = fields.text(_l("Place of sampling"), 120)
    code: Mapped[str | None] = fields.text(_l("Code of the sample"), 40, computed=True)
    tester_one_id: Mapped[int | None] = fields.ref(_l("First tester"), "employee")
    tester_two_id: Mapped[int | None] = fields.ref(_l("Second tester"), "employee")
    tested_on: Mapped[dt.date | None] = fields.date(_l("Tested on"), computed=True)
    result_one: Mapped[str | None] = fields.text(_l("First result"), 200, computed=True)
    result_two: Mapped[str | None] = fields.text(_l("Second result"), 200, computed=True)
    original_confirmed: Mapped[bool | None] = fields.boolean(_l("Original result is right"))
    lab_state: Mapped[str | None] = fields.text(_l("State of the laboratory work"), 20, computed=True)
    evidence = fields.files(_l("Attachments"))

    register = Register(
        area="complaints", label=_l("Complaint verification"), title="kind", subject="kind", party="complaint_id",
        icon="clipboard-check", from_pack=True, participants=True, actions=frozenset({"edit"}),
        list=("kind", "complaint_id", "status", "counted_from", "due_at", "result", "verified_at"),
        filters=("status", "complaint_id", "kind", "verified_at", "owner_id"), internal=("lab_state",),
        sections=(
            Section(_l("Verification"), ("status", "complaint_id", "kind", "counted_from", "due_at", "findings",
                                         "evidence", "unit_id", "owner_id", "holder_unit_id")),
            Section(_l("Result"), ("result", "redo_by", "centre_verifier_id", "outside_verifier_id",
                                   "property_verifier_id", "verified_at")),
            Section(_l("Review of the data"), ("raw_records_ok", "equipment_ok", "opinion", "reviewed_by_id",
                                               "approved_by_id", "approved_on")),
            Section(_l("Second test"), ("sampling_fault", "sample_source", "resample_reason", "sampler_id",
                                        "sampling_place", "code", "tester_one_id", "tester_two_id", "tested_on",
                                        "result_one", "result_two", "original_confirmed")),
        ),
    )  # fmt: skip
