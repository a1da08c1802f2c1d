"""Abnormal-sample log (异常样品登记)."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section

RESAMPLING = {
    "sampling_error": _l("Error in sampling"),
    "transport_error": _l("Error in transport"),
    "other": _l("Other"),
}


class Sample(Record):
    """A sample that came in with a complaint: who inspected it and where it is kept."""

    complaint_id: Mapped[int] = fields.ref(_l("Complaint"), "complaint")
    sample_no: Mapped[str] = fields.text(_l("Sample number"), 40, unique=True)
    quantity: Mapped[int] = fields.integer(_l("Quantity"), minimum=1)
    received_at: Mapped[dt.datetime] = fields.datetime(_l("Received"))
    inspected_by_id: Mapped[int | None] = fields.ref(_l("Inspected by"), "employee")
    inspection_result: Mapped[str | None] = fields.longtext(_l("Inspection result"))
    kept_at_place: Mapped[str | None] = fields.text(_l("Kept at"), 120)
    origin_no: Mapped[str | None] = fields.text(_l("Original sample number"), 40, computed=True)
    blind_code: Mapped[str | None] = fields.text(_l("Blind code"), 40, unique=True, computed=True)
    coded_by_id: Mapped[int | None] = fields.ref(_l("Coded by"), "employee", computed=True)
    coded_on: Mapped[dt.date | None] = fields.date(_l("Coded on"), computed=True)
    unsealed_on: Mapped[dt.date | None] = fields.date(_l("Decoded on"), computed=True)
    resample_reason: Mapped[str | None] = fields.choice(_l("Why sampled again"), RESAMPLING, computed=True)
    sampled_on: Mapped[dt.date | None] = fields.date(_l("Sampled on"), computed=True)
    sampler_id: Mapped[int | None] = fields.ref(_l("Sampled by"), "employee", computed=True)
    sampling_procedure: Mapped[str | None] = fields.text(_l("Procedure followed"), 120, computed=True)
    photos = fields.files(_l("Photographs"))

    register = Register(
        area="complaints",
        label=_l("Sample"),
        title="sample_no",
        parent="complaint_id",
        icon="package",
        list=("sample_no", "complaint_id", "quantity", "received_at", "inspected_by_id", "kept_at_place"),
        search=("sample_no",),
        filters=("complaint_id", "received_at", "inspected_by_id"),
        sections=(
            Section(
                _l("Sample"),
                ("complaint_id", "sample_no", "quantity", "received_at", "kept_at_place"),
                clause="（九）1",
            ),
            Section(_l("Inspection"), ("inspected_by_id", "inspection_result", "photos"), clause="（七）2(3)"),
            Section(_l("Blind code"), ("origin_no", "blind_code", "coded_by_id", "coded_on", "unsealed_on")),
            Section(
                _l("New sampling"), ("resample_reason", "sampled_on", "sampler_id", "sampling_procedure")
            ),
        ),
    )
