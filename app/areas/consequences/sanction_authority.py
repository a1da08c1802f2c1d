"""Fields that A03 adds to a sanction: credit beyond the authority, the loss, and until when it is put right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.errors import Problem
from app.core.register import Record, Register, Section
from app.core.saving import Draft, check

ECONOMIC, CLAUSE = "economic", "第43条"


class SanctionAuthority(Record):
    """Of the person mainly or directly responsible for trading beyond the authority."""

    id: Mapped[int] = detail_key("sanction")
    is_principal: Mapped[bool | None] = fields.boolean(_l("Mainly responsible"))
    offence: Mapped[str | None] = fields.longtext(_l("What was done beyond the authority"), needed=True)
    loss: Mapped[Decimal | None] = fields.money(_l("Loss"), unit=_l("yuan"))
    correct_by: Mapped[dt.date | None] = fields.date(_l("To be put right by"))
    corrected_on: Mapped[dt.date | None] = fields.date(_l("Put right on"))
    sanction_amount: Mapped[Decimal | None] = fields.money(_l("Amount of the economic sanction"), unit=_l("yuan"))

    register = Register(
        area="consequences", label=_l("Credit beyond the authority"), title="offence", detail_of="sanction", menu=False,
        actions=frozenset(), list=("offence", "loss", "correct_by"),
        sections=(
            Section(_l("Beyond the authority"), ("is_principal", "offence", "loss", "correct_by", "corrected_on",
                                                 "sanction_amount"), clause="第43条"),
        ),
    )  # fmt: skip


@check("sanction_authority")
def economic_sanction_has_an_amount(draft: Draft) -> Iterable[Problem]:
    """An economic sanction says how much."""
    if draft.get("grade") == ECONOMIC and not draft.get("sanction_amount"):
        yield Problem(_("An economic sanction says how much."), "sanction_amount", "required", CLAUSE)
