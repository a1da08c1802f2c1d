"""Complaint (客户投诉): the family register that every complaint policy shares."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, validates

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

MARKETS = {"domestic": _l("Domestic"), "overseas": _l("Overseas")}
CATEGORIES = {"non_quality": _l("Not quality (human cause)"), "quality": _l("Quality")}
CHANNELS = {
    "hotline": _l("Hotline"),
    "opinion_box": _l("Opinion box"),
    "opinion_book": _l("Opinion book"),
    "visit": _l("In person"),
    "phone": _l("Telephone"),
    "mail": _l("E-mail"),
    "letter": _l("Letter"),
    "web": _l("Web"),
    "sms": _l("SMS"),
    "fax": _l("Fax"),
    "factory": _l("Passed on by the maker"),
    "reception_day": _l("Reception day of the leaders"),
    "regulator": _l("Passed on by the regulator"),
    "other": _l("Other"),
}


def _numbered(context: Any) -> str | None:
    """As ``Complaint._show`` for rows that are inserted in bulk."""
    number: str | None = context.get_current_parameters().get("case_no")
    return number


class Complaint(Case, Record):
    """One case from intake to closing; the policy adds its own fields in a detail register."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "case_no", "version"),
        UniqueConstraint("adopter_id", "number"),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
        CheckConstraint("closed_at IS NULL OR accepted_at IS NOT NULL", name="closed_after_accepted"),
        CheckConstraint("version = 1 OR previous_id IS NOT NULL", name="later_version_has_previous"),
    )

    number: Mapped[str | None] = fields.text(_l("Number"), 48, computed=True, default=_numbered)
    case_no: Mapped[str | None] = fields.text(_l("Case number"), 40, computed=True)
    version: Mapped[int] = fields.integer(_l("Version"), default=1, computed=True)
    previous_id: Mapped[int | None] = fields.ref(_l("Previous form"), "complaint", computed=True)
    next_id: Mapped[int | None] = fields.ref(_l("Next form"), "complaint", computed=True)
    title: Mapped[str] = fields.text(_l("Subject"), 120, width=2)
    customer_id: Mapped[int | None] = fields.ref(_l("Customer"), "customer")
    market: Mapped[str | None] = fields.choice(_l("Market"), MARKETS)
    channel: Mapped[str | None] = fields.choice(_l("Channel"), CHANNELS)
    claimed_amount: Mapped[Decimal | None] = fields.money(_l("Claimed amount"), unit=_l("yuan"))
    proposed_settlement_amount: Mapped[Decimal | None] = fields.money(_l("Proposed settlement"), unit=_l("yuan"))
    complainant: Mapped[str | None] = fields.personal(_l("Complainant"), 80, mask="name")
    complainant_phone: Mapped[str | None] = fields.personal(_l("Telephone of the complainant"), 40, mask="phone")
    complainant_address: Mapped[str | None] = fields.personal(_l("Address of the complainant"), 200, mask="address")
    content: Mapped[str | None] = fields.longtext(_l("What is complained of"))
    received_at: Mapped[dt.datetime | None] = fields.datetime(_l("Time of the complaint"))
    received_by_id: Mapped[int | None] = fields.ref(_l("First receiver"), "employee", computed=True)
    submitted_at: Mapped[dt.datetime | None] = fields.datetime(_l("Submitted"), computed=True)
    accepted_at: Mapped[dt.datetime | None] = fields.datetime(_l("Accepted"), computed=True)
    registered_by_id: Mapped[int | None] = fields.ref(_l("Registered by"), "employee", computed=True)
    due_at: Mapped[dt.datetime | None] = fields.datetime(_l("Closing limit"), computed=True)
    tracking_remark: Mapped[str | None] = fields.longtext(_l("Remark of case control"))
    category: Mapped[str | None] = fields.choice(_l("Category"), CATEGORIES)
    responsible_unit_id: Mapped[int | None] = fields.ref(_l("Responsible department"), "org_unit")
    combined_opinion: Mapped[str | None] = fields.longtext(_l("Combined opinion"))
    authority_amount: Mapped[Decimal | None] = fields.money(_l("Amount that decides"), computed=True, unit=_l("yuan"))
    deciding_post: Mapped[str | None] = fields.post(_l("Deciding post"))
    decision: Mapped[str | None] = fields.longtext(_l("Decision"))
    decided_amount: Mapped[Decimal | None] = fields.money(_l("Decided amount"), unit=_l("yuan"))
    decided_by_id: Mapped[int | None] = fields.ref(_l("Decided by"), "employee", computed=True)
    decided_at: Mapped[dt.datetime | None] = fields.datetime(_l("Decided"), computed=True)
    founded: Mapped[bool | None] = fields.boolean(_l("Complaint is founded"))
    collection_due_on: Mapped[dt.date | None] = fields.date(_l("Collection due"))
    collected_on: Mapped[dt.date | None] = fields.date(_l("Collected on"))
    customer_accepts: Mapped[bool | None] = fields.boolean(_l("Customer accepts"))
    needs_tracking: Mapped[bool | None] = fields.boolean(_l("Track the improvement"))
    closed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Closed"), computed=True)
    evidence = fields.files(_l("Attachments"))

    @validates("case_no")
    def _show(self, _key: str, case_no: str | None) -> str | None:
        """A case that gets its number shows it; a later version says its own beforehand."""
        self.number = self.number or case_no
        return case_no

    register = Register(
        area="complaints",
        label=_l("Customer complaint"),
        title="number",
        subject="title",
        party="customer_id",
        facts=("market", "claimed_amount", "proposed_settlement_amount", "decided_amount"),
        icon="message-report",
        from_pack=True,
        participants=True,
        actions=frozenset({"add", "edit"}),
        list=(
            "number",
            "customer_id",
            "title",
            "status",
            "holder_unit_id",
            "owner_id",
            "claimed_amount",
            "accepted_at",
        ),
        search=("number", "title", "customer_id"),
        filters=(
            "status",
            "case_no",
            "customer_id",
            "market",
            "category",
            "owner_id",
            "holder_unit_id",
            "responsible_unit_id",
            "claimed_amount",
            "accepted_at",
            "closed_at",
        ),
        lines=(
            "complaint_handling.complaint_id",
            "contact_log.complaint_id",
            "coordination_item.complaint_id",
            "meeting.complaint_id",
            "sample",
            "joint_meeting",
            "customer_reply",
            "written_report.complaint_id",
            "corrective_action.complaint_id",
            "petition.complaint_id",
            "urgent_visit.complaint_id",
            "customer_opinion.complaint_id",
            "loss_sheet.complaint_id",
            "sanction.complaint_id",
            "penalty_notice.complaint_id",
            "informant_identity",
            "feedback_intake.complaint_id",
            "joint_investigation.complaint_id",
            "case_disposition.complaint_id",
            "archive_item.complaint_id",
            "case_transfer.complaint_id",
            "complaint_verification.complaint_id",
            "visit.complaint_id",
            "complaint_step.complaint_id",
            "contact_window.complaint_id",
            "staff_finding",
            "case_study.complaint_id",
            "conduct_check.complaint_id",
            "compensation.complaint_id",
            "sales_lead.complaint_id",
        ),
        sections=(
            Section(
                _l("Complaint"),
                (
                    "title",
                    "channel",
                    "customer_id",
                    "market",
                    "complainant",
                    "complainant_phone",
                    "complainant_address",
                    "received_at",
                    "received_by_id",
                    "claimed_amount",
                    "content",
                ),
            ),
            Section(_l("Findings"), ("category", "responsible_unit_id")),
            Section(
                _l("Settlement and decision"),
                (
                    "proposed_settlement_amount",
                    "combined_opinion",
                    "authority_amount",
                    "deciding_post",
                    "founded",
                    "decision",
                    "decided_amount",
                    "decided_by_id",
                    "decided_at",
                    "collection_due_on",
                    "collected_on",
                ),
            ),
            Section(_l("Outcome"), ("customer_accepts", "needs_tracking")),
            Section(
                _l("Registration"),
                (
                    "number",
                    "case_no",
                    "version",
                    "previous_id",
                    "next_id",
                    "status",
                    "holder_unit_id",
                    "unit_id",
                    "owner_id",
                    "submitted_at",
                    "accepted_at",
                    "registered_by_id",
                    "due_at",
                    "closed_at",
                    "tracking_remark",
                ),
            ),
            Section(_l("Attachments"), ("evidence",)),
        ),
    )
