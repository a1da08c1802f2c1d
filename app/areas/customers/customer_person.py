"""Customer person (客户股东负责人): shareholders, legal representative and principals of a business customer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.identifiers import plain_code, plain_phone
from app.core.register import Record, Register, Section

SHAREHOLDER, CLAUSE = "shareholder", "第8条2"
POSITIONS = {
    SHAREHOLDER: _l("Shareholder"), "legal_representative": _l("Legal representative"), "principal": _l("Principal"),
}  # fmt: skip


class CustomerPerson(Record):
    """One person, or one company that holds shares."""

    __table_args__: Any = (CheckConstraint("share_percent IS NULL OR share_percent >= 0", name="share_is_positive"),)

    customer_id: Mapped[int] = fields.ref(_l("Customer"), "customer")
    name: Mapped[str] = fields.personal(_l("Name"), 120, mask="name")
    position: Mapped[str] = fields.choice(_l("Capacity"), POSITIONS)
    share_percent: Mapped[Decimal | None] = fields.percent(
        _l("Share"), minimum=0, maximum=100, when=("position", SHAREHOLDER), needed_then=True
    )
    phone: Mapped[str | None] = fields.personal(_l("Telephone"), 30, mask="phone", clean=plain_phone)
    id_no: Mapped[str | None] = fields.personal(_l("Identity number"), 30, mask="id", clean=plain_code)
    note: Mapped[str | None] = fields.longtext(_l("Note"))

    register = Register(
        area="customers", label=_l("Customer person"), title="position", party="customer_id", icon="users",
        parent="customer_id", order="id", menu=False,
        list=("position", "customer_id", "name", "share_percent", "phone"), filters=("customer_id", "position"),
        sections=(
            Section(_l("Person"), ("customer_id", "position", "name", "share_percent", "phone", "id_no", "note"),
                    clause=CLAUSE),
        ),
    )  # fmt: skip
