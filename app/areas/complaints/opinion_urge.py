"""Urging another department about an opinion (部门催办记录), and how it was helped."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section


class OpinionUrge(Record):
    """Keeps contact with the department that has to do something about an opinion."""

    opinion_id: Mapped[int] = fields.ref(_l("Customer opinion"), "customer_opinion")
    to_unit_id: Mapped[int] = fields.ref(_l("Department urged"), "org_unit")
    urged_at: Mapped[dt.datetime] = fields.datetime(_l("Urged at"))
    content: Mapped[str] = fields.longtext(_l("What was asked"))
    help_given: Mapped[str | None] = fields.longtext(_l("Help with its difficulties"))
    done_at: Mapped[dt.datetime | None] = fields.datetime(_l("Done at"))

    register = Register(
        area="complaints", label=_l("Urging a department"), title="to_unit_id", parent="opinion_id",
        icon="bell-ringing", menu=False, actions=frozenset({"add", "edit"}),
        list=("to_unit_id", "opinion_id", "urged_at", "content", "done_at"),
        filters=("opinion_id", "to_unit_id", "urged_at"), order="-urged_at",
        sections=(
            Section(_l("Urging"), ("opinion_id", "to_unit_id", "urged_at", "content", "help_given", "done_at"),
                    clause="第十九条"),
        ),
    )  # fmt: skip
