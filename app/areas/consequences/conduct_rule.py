"""Conduct rule (奖惩与责任比例条款): what a conduct costs or earns, and what share of a loss a post bears."""

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

KINDS = {"penalty": _l("Penalty"), "reward": _l("Reward"), "share": _l("Share of a loss")}
ORIGINS = {
    "within": _l("Bad debt within the limit"), "last_over": _l("Last over-limit shipment"),
    "unapproved": _l("Shipped without approval"),
}  # fmt: skip
LEVELS = {"minor": _l("Minor"), "normal": _l("Ordinary"), "serious": _l("Serious")}
ACTIONS = {
    "verbal": _l("Spoken warning"), "written": _l("Written warning"), "fine": _l("Fine"), "dismiss": _l("Dismissal"),
    "praise": _l("Praise"), "bonus": _l("Bonus"),
}  # fmt: skip


class ConductRule(Owned, Record):
    """Kept by whoever sets the rules; of two for the same post the later in force counts."""

    __table_args__: Any = (
        CheckConstraint("percent IS NULL OR (percent >= 0)", name="share_not_negative"),
        CheckConstraint("kind <> 'share' OR percent IS NOT NULL", name="a_share_has_a_percentage"),
    )

    code: Mapped[str | None] = fields.text(_l("Number of the rule"), 40)
    kind: Mapped[str] = fields.choice(_l("Kind of rule"), KINDS)
    origin: Mapped[str | None] = fields.choice(_l("Loss from"), ORIGINS)
    bearer: Mapped[str | None] = fields.text(
        _l("Borne by the post"), 60, help=_l("The code of a post of the policy, such as sales_rep.")
    )
    percent: Mapped[Decimal | None] = fields.percent(_l("Share"), minimum=0, maximum=100, unit="%")
    effective_from: Mapped[dt.date | None] = fields.date(_l("In force from"))
    document: Mapped[str | None] = fields.text(_l("Founded on"), 120)
    description: Mapped[str | None] = fields.longtext(_l("Conduct"))
    level: Mapped[str | None] = fields.choice(_l("Gravity"), LEVELS)
    action: Mapped[str | None] = fields.choice(_l("What follows"), ACTIONS)
    amount: Mapped[Decimal | None] = fields.money(_l("Amount"), unit=_l("yuan"))

    register = Register(
        area="consequences", label=_l("Conduct rule"), title="kind", icon="list-check", order="-effective_from",
        actions=frozenset({"add", "edit"}),
        list=("kind", "origin", "bearer", "percent", "effective_from", "document", "code", "action", "amount"),
        search=("code", "bearer"), filters=("kind", "origin", "bearer", "effective_from"),
        sections=(
            Section(_l("Rule"), ("kind", "code", "effective_from", "document")),
            Section(_l("Share"), ("origin", "bearer", "percent")),
            Section(_l("Conduct"), ("description", "level", "action", "amount", "unit_id", "owner_id")),
        ),
    )  # fmt: skip
