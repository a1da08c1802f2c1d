"""Liability of an outside party (涉及其他公司／供应商责任), handled with the units concerned."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

PARTIES = {"other_company": _l("Other company"), "material_supplier": _l("Supplier of material")}


class ExternalLiability(Case, Record):
    """Its share counts among the hundred per cent of the sheet; what is recovered is written down later."""

    sheet_id: Mapped[int] = fields.ref(_l("Sheet"), "loss_sheet")
    party: Mapped[str] = fields.text(_l("Party"), 120)
    party_type: Mapped[str] = fields.choice(_l("Kind of party"), PARTIES)
    share_percent: Mapped[Decimal | None] = fields.percent(_l("Share"), minimum=0, maximum=100, unit="%")
    amount: Mapped[Decimal | None] = fields.money(_l("Amount borne"), computed=True, unit=_l("yuan"))
    joint_units: Mapped[list[int]] = fields.refs(_l("Handled with"), "org_unit")
    recovered_amount: Mapped[Decimal | None] = fields.money(_l("Recovered amount"), unit=_l("yuan"))
    outcome: Mapped[str | None] = fields.longtext(_l("Outcome"))

    register = Register(
        area="consequences", label=_l("Liability of an outside party"), title="party", icon="building-factory-2",
        from_pack=True, participants=True, actions=frozenset({"add", "edit"}),
        list=("party", "sheet_id", "party_type", "share_percent", "amount", "recovered_amount", "status"),
        search=("party",), filters=("status", "sheet_id", "party_type"),
        sections=(
            Section(_l("Liability"), ("sheet_id", "party", "party_type", "status", "share_percent", "amount",
                                      "joint_units", "unit_id", "owner_id", "holder_unit_id"), clause="（九）13"),
            Section(_l("Outcome"), ("recovered_amount", "outcome"), clause="（九）13"),
        ),
    )  # fmt: skip
