"""Compensation (赔偿补偿登记): what a customer is given, beyond or as the remedy."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

KINDS = {
    "cash": _l("Money"),
    "free_replacement": _l("Free replacement"),
    "longer_free_service": _l("Longer free service"),
    "accessory": _l("Accessory"),
    "extra_maintenance": _l("Extra maintenance"),
    "gift": _l("Gift"),
}
LIABLE = {"enterprise": _l("Enterprise"), "employee": _l("Employee"), "both": _l("Enterprise and employee")}


class Compensation(Case, Record):
    """One measure for the customer of a case, negotiated or promised, and the day on which it was given."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "compensation_no"),)

    compensation_no: Mapped[str | None] = fields.text(_l("Number"), 40, computed=True)
    complaint_id: Mapped[int | None] = fields.ref(_l("Complaint"), "complaint")
    kind: Mapped[str | None] = fields.choice(_l("Kind"), KINDS)
    description: Mapped[str | None] = fields.longtext(_l("Description"))
    beneficiary: Mapped[str | None] = fields.personal(_l("Given to"), 80, mask="name")
    loss_claimed: Mapped[Decimal | None] = fields.money(_l("Loss claimed"), unit=_l("yuan"))
    value: Mapped[Decimal | None] = fields.money(_l("Value or amount agreed"), unit=_l("yuan"))
    agreed_on: Mapped[dt.date | None] = fields.date(_l("Agreed on"))
    liable_party: Mapped[str | None] = fields.choice(_l("Borne by"), LIABLE)
    given_on: Mapped[dt.date | None] = fields.date(_l("Given or paid on"))

    register = Register(
        area="consequences", label=_l("Compensation"), title="compensation_no", icon="gift", from_pack=True,
        participants=True, subject="kind", party="complaint_id", actions=frozenset({"add", "edit"}),
        list=("compensation_no", "complaint_id", "kind", "value", "status", "given_on"),
        search=("compensation_no",), filters=("status", "complaint_id", "kind", "given_on", "owner_id"),
        sections=(
            Section(_l("Compensation"), ("compensation_no", "status", "complaint_id", "kind", "description",
                                         "beneficiary", "loss_claimed", "value", "agreed_on", "liable_party",
                                         "unit_id", "owner_id", "holder_unit_id")),
            Section(_l("Outcome"), ("given_on",)),
        ),
    )  # fmt: skip
