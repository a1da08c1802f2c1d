"""Contract (合同协议登记): a signed contract or agreement with its terms, amounts and versions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

KINDS = {
    "distribution": _l("Distribution contract"), "direct": _l("Direct-sale contract"),
    "purchase_sale": _l("Purchase and sale contract"), "supply": _l("Supply contract"),
    "service": _l("Service contract"), "sla": _l("Service level agreement"),
    "supporting": _l("Supporting contract"), "design": _l("Design contract"),
    "construction": _l("Construction contract"), "supervision": _l("Supervision contract"),
    "other": _l("Other contract"),
}  # fmt: skip


class Contract(Case, Record):
    """Every policy names which of the fields it uses; the states come from its pack."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "contract_no", "version_no"),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_to > valid_from", name="ends_after_it_begins"),
        Index("ix_contract_customer_status", "customer_id", "status"),
    )

    contract_no: Mapped[str | None] = fields.text(_l("Contract number"), 40, computed=True)
    own_no: Mapped[str | None] = fields.text(_l("Number on the paper"), 60)
    version_no: Mapped[str | None] = fields.text(_l("Version of the contract"), 10)
    title: Mapped[str | None] = fields.text(_l("Name of the contract"), 150)
    contract_type: Mapped[str | None] = fields.choice(_l("Kind of contract"), KINDS)
    customer_id: Mapped[int | None] = fields.ref(_l("Customer"), "customer")
    counterparty: Mapped[str | None] = fields.text(_l("Other party"), 150)
    place: Mapped[str | None] = fields.text(_l("House or room"), 80)
    signed_on: Mapped[dt.date | None] = fields.date(_l("Signed on"))
    valid_from: Mapped[dt.date | None] = fields.date(_l("Valid from"))
    valid_to: Mapped[dt.date | None] = fields.date(_l("Valid to"))
    signed_by_id: Mapped[int | None] = fields.ref(_l("Signed for us by"), "employee")
    signed_by_customer: Mapped[str | None] = fields.text(_l("Signed for the customer by"), 60)
    amount: Mapped[Decimal | None] = fields.money(_l("Contract amount"), unit=_l("yuan"))
    paid_amount: Mapped[Decimal | None] = fields.money(_l("Paid of the contract"), unit=_l("yuan"))
    payment_due_on: Mapped[dt.date | None] = fields.date(_l("To be paid by"))
    settled_from: Mapped[dt.date | None] = fields.date(
        _l("Settlement agreed from"), help=_l("Without a settlement agreement the contract gives no credit.")
    )
    absolute_cap: Mapped[Decimal | None] = fields.money(_l("Cap of the credit"), unit=_l("yuan"))
    stated_limit: Mapped[Decimal | None] = fields.money(_l("Limit stated in the contract"), unit=_l("yuan"))
    cleared_on: Mapped[dt.date | None] = fields.date(_l("Account cleared on"))
    next_year_plan: Mapped[str | None] = fields.longtext(_l("Cooperation next year"))
    retention_percent: Mapped[Decimal | None] = fields.percent(_l("Retention"), minimum=0, maximum=100, unit="%")
    warranty_until: Mapped[dt.date | None] = fields.date(_l("Warranty until"))
    selection_no: Mapped[str | None] = fields.text(_l("Comparison number"), 40)
    scheme: Mapped[str | None] = fields.text(_l("Scheme"), 80)
    template_version: Mapped[str | None] = fields.text(_l("Version of the standard contract"), 40)
    min_temperature: Mapped[Decimal | None] = fields.decimal(_l("Agreed lowest temperature"), unit="℃")
    agreed_hours: Mapped[str | None] = fields.text(_l("Agreed hours"), 100)
    area_m2: Mapped[Decimal | None] = fields.decimal(_l("Floor area"), minimum=0, unit="m²")
    covered: Mapped[str | None] = fields.longtext(_l("What the service covers"))
    visits_included: Mapped[int | None] = fields.integer(_l("Visits included"), minimum=0)
    needs: Mapped[str | None] = fields.longtext(_l("Needs of the customer"))
    services: Mapped[str | None] = fields.longtext(_l("Services"))
    commitments: Mapped[str | None] = fields.longtext(_l("Service commitments"))
    security_boundary: Mapped[str | None] = fields.longtext(_l("Bounds of the responsibility for safety"))
    provider_duties: Mapped[str | None] = fields.longtext(_l("Duties of the provider"))
    customer_duties: Mapped[str | None] = fields.longtext(_l("Duties of the customer"))
    service_hours: Mapped[str | None] = fields.text(_l("Service hours"), 100)
    satisfaction_target: Mapped[Decimal | None] = fields.decimal(_l("Satisfaction aimed at"), minimum=0)
    review_every_months: Mapped[int | None] = fields.integer(_l("Reviewed every"), minimum=1, unit=_l("months"))
    keeper_id: Mapped[int | None] = fields.ref(_l("Kept by"), "employee")
    location: Mapped[str | None] = fields.text(_l("Kept at"), 60)
    settlement_terms = fields.files(_l("Settlement agreement"))
    scan = fields.files(_l("Scanned contract"))

    register = Register(
        area="customers", label=_l("Contract"), title="contract_no", subject="contract_type", party="customer_id",
        icon="file-certificate", from_pack=True, actions=frozenset({"add", "edit"}), order="-signed_on",
        list=("contract_no", "contract_type", "customer_id", "signed_on", "valid_from", "valid_to", "status",
              "owner_id"),
        search=("contract_no", "own_no", "customer_id"),
        filters=("status", "contract_type", "customer_id", "signed_on", "valid_to", "owner_id"),
        sections=(
            Section(_l("Contract"), ("contract_no", "own_no", "version_no", "status", "contract_type", "title",
                                     "customer_id", "counterparty", "place", "signed_on", "valid_from", "valid_to",
                                     "signed_by_id", "signed_by_customer", "scan")),
            Section(_l("Money"), ("settled_from", "settlement_terms", "absolute_cap", "stated_limit", "amount",
                                  "paid_amount", "payment_due_on", "cleared_on", "next_year_plan",
                                  "retention_percent", "warranty_until")),
            Section(_l("Service agreed"), ("needs", "services", "commitments", "security_boundary", "provider_duties",
                                           "customer_duties", "service_hours", "satisfaction_target",
                                           "review_every_months", "covered", "visits_included")),
            Section(_l("Supply"), ("template_version", "min_temperature", "agreed_hours", "area_m2", "selection_no",
                                   "scheme")),
            Section(_l("Keeping"), ("keeper_id", "location", "unit_id", "owner_id", "holder_unit_id")),
        ),
    )  # fmt: skip
