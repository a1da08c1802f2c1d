"""Collateral (抵押担保登记): property or a guarantee behind a limit, with its formalities and its last day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section
from app.core.scope import Owned

KINDS = {
    "real_estate": _l("Real estate"), "equipment": _l("Equipment"), "guarantee": _l("Guarantee"), "other": _l("Other"),
}  # fmt: skip
PURPOSES = {"new_credit": _l("For new credit"), "asset_preservation": _l("To preserve what is owed")}


class Collateral(Owned, Record):
    """Counts from its registration until it is released or ends; one property is pledged once at a time."""

    __table_args__: Any = (
        CheckConstraint("appraised_value > 0", name="has_a_value"),
        CheckConstraint("released_on IS NULL OR registered_on IS NULL OR released_on >= registered_on",
                        name="released_after_registered"),
        CheckConstraint("valid_until IS NULL OR registered_on IS NULL OR valid_until >= registered_on",
                        name="ends_after_registered"),
    )  # fmt: skip

    customer_id: Mapped[int] = fields.ref(_l("Customer"), "customer")
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="real_estate")
    description: Mapped[str] = fields.longtext(_l("Description"))
    purpose: Mapped[str] = fields.choice(_l("Purpose"), PURPOSES, default="new_credit")
    appraised_value: Mapped[Decimal] = fields.money(_l("Appraised value"), unit=_l("yuan"))
    certificate_no: Mapped[str | None] = fields.text(_l("Certificate of registration"), 60)
    registered_on: Mapped[dt.date | None] = fields.date(_l("Formalities complete on"))
    valid_until: Mapped[dt.date | None] = fields.date(_l("Valid until"))
    released_on: Mapped[dt.date | None] = fields.date(_l("Released on"))
    credit_request_id: Mapped[int | None] = fields.ref(_l("Behind the request"), "credit_request")
    pledge_key: Mapped[str | None] = fields.text(_l("Pledged as"), 60, computed=True, unique=True)
    papers = fields.files(_l("Certificates"))

    register = Register(
        area="credit", label=_l("Collateral"), title="certificate_no", subject="kind", party="customer_id",
        icon="home-dollar", order="-id", actions=frozenset({"add", "edit"}), internal=("pledge_key",),
        list=("customer_id", "kind", "certificate_no", "appraised_value", "registered_on", "valid_until",
              "released_on"),
        search=("certificate_no",),
        filters=("customer_id", "kind", "purpose", "registered_on", "valid_until", "released_on", "owner_id",
                 "unit_id"),
        sections=(
            Section(_l("Property or guarantee"), ("customer_id", "kind", "description", "purpose", "appraised_value",
                                                  "credit_request_id", "unit_id", "owner_id"), clause="第27条; 第34条"),
            Section(_l("Formalities"), ("certificate_no", "registered_on", "valid_until", "released_on", "papers"),
                    clause="第27条"),
        ),
    )  # fmt: skip
