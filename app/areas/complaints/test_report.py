"""Test report (检测报告): what was issued, its recall when the result was wrong, and the report that corrects it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

FINDINGS = {
    "appealed": _l("Under appeal"),
    "upheld": _l("Original result is right"),
    "wrong": _l("Original result is wrong"),
    "corrected": _l("Corrected report issued"),
}


class TestReport(Case, Record):
    """A report of the laboratory; one that corrects another keeps its number and bears the change mark."""

    __test__ = False
    __table_args__: Any = (
        UniqueConstraint("adopter_id", "report_no", "version"),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
        CheckConstraint("version = 1 OR corrects_id IS NOT NULL", name="later_version_corrects"),
        CheckConstraint("voided_on IS NULL OR recalled_on IS NOT NULL", name="recalled_before_void"),
        CheckConstraint("recalled_on IS NULL OR approved_by_id IS NOT NULL", name="approved_before_recall"),
    )

    report_no: Mapped[str] = fields.text(_l("Report number"), 40)
    number: Mapped[str | None] = fields.text(_l("Number as printed"), 60, computed=True)
    version: Mapped[int] = fields.integer(_l("Version"), default=1, computed=True)
    corrects_id: Mapped[int | None] = fields.ref(_l("Corrects the report"), "test_report")
    change_mark: Mapped[str | None] = fields.text(_l("Change mark"), 8)
    customer_id: Mapped[int | None] = fields.ref(_l("Customer"), "customer")
    sample_no: Mapped[str | None] = fields.text(_l("Sample number"), 40)
    tested_item: Mapped[str | None] = fields.text(_l("Item and method tested"), 120)
    result: Mapped[str | None] = fields.longtext(_l("Result"))
    testers: Mapped[list[int] | None] = fields.refs(_l("Testers"), "employee")
    signed_by_id: Mapped[int | None] = fields.ref(_l("Signed by"), "employee")
    issued_on: Mapped[dt.date | None] = fields.date(_l("Issued on"))
    received_on: Mapped[dt.date | None] = fields.date(_l("Received by the customer"))
    appeal_until: Mapped[dt.datetime | None] = fields.datetime(_l("Last day of the appeal"), computed=True)
    finding: Mapped[str | None] = fields.choice(_l("What the appeal came to"), FINDINGS, computed=True)
    approved_by_id: Mapped[int | None] = fields.ref(_l("Correction approved by"), "employee", computed=True)
    approved_on: Mapped[dt.date | None] = fields.date(_l("Correction approved"), computed=True)
    recalled_on: Mapped[dt.date | None] = fields.date(_l("Recalled"), computed=True)
    void_stamped: Mapped[bool | None] = fields.boolean(_l("Void stamp applied"))
    voided_on: Mapped[dt.date | None] = fields.date(_l("Void since"), computed=True)
    replaced_by_id: Mapped[int | None] = fields.ref(_l("Corrected report"), "test_report", computed=True)
    document = fields.files(_l("Report"))

    register = Register(
        area="complaints", label=_l("Test report"), title="number", subject="tested_item", party="customer_id",
        icon="file-certificate", from_pack=True, participants=True, actions=frozenset({"add", "edit"}),
        list=("number", "customer_id", "sample_no", "tested_item", "issued_on", "received_on", "appeal_until",
              "status"),
        search=("number", "sample_no", "customer_id"),
        filters=("status", "customer_id", "corrects_id", "issued_on", "received_on", "owner_id"),
        order="-issued_on", lines=("test_report.corrects_id",),
        sections=(
            Section(_l("Report"), ("number", "status", "report_no", "version", "corrects_id", "change_mark",
                                   "customer_id", "sample_no", "tested_item", "result", "testers", "signed_by_id",
                                   "issued_on", "received_on", "appeal_until", "document", "unit_id", "owner_id",
                                   "holder_unit_id"), clause="1.1"),
            Section(_l("Recall and correction"), ("finding", "approved_by_id", "approved_on", "recalled_on",
                                                  "void_stamped", "voided_on", "replaced_by_id"), clause="2.2.5"),
        ),
    )  # fmt: skip
