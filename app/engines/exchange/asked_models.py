"""Exports that somebody has to allow first, and the numbers from which on that is so."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, fields
from app.core.lifecycle import Lifecycle, Move, State
from app.core.register import Record, Register, Section, registers
from app.core.scope import Owned
from app.core.types import Json

ASKED, GRANTED, REFUSED, WITHDRAWN, EXPIRED = "asked", "granted", "refused", "withdrawn", "expired"
DECIDED = {"decided_by_id": "@me", "decided_at": "@now"}
LIFE = Lifecycle(
    start=ASKED,
    states={
        ASKED: State(ASKED, _l("To be decided"), "hold"),
        GRANTED: State(GRANTED, _l("Export allowed"), "ok"),
        REFUSED: State(REFUSED, _l("Not allowed"), "late", final=True),
        WITHDRAWN: State(WITHDRAWN, _l("Withdrawn"), "mute", final=True),
        EXPIRED: State(EXPIRED, _l("Expired"), "mute", final=True),
    },
    moves={
        "grant": Move(
            "grant", _l("Allow"), (ASKED,), GRANTED, sets=DECIDED, writes=("opinion",), guards=("export_decider",),
            effects=("export_granted",),
        ),
        "refuse": Move(
            "refuse", _l("Do not allow"), (ASKED,), REFUSED, sets=DECIDED, reason=True, tone="late",
            guards=("export_decider",), effects=("export_refused",),
        ),
        "withdraw": Move("withdraw", _l("Withdraw"), (ASKED,), WITHDRAWN, guards=("export_asker",), tone="late"),
        "expire": Move("expire", _l("Expire"), (ASKED, GRANTED), EXPIRED, system=True),
    },
)


def _called(slug: str) -> str:
    return str(registers()[slug].label) if slug in registers() else slug


class ExportRequest(Owned, Record):
    """The wish to take many rows, or personal columns, out of a register (导出申请): these columns and filters only."""

    of_register: Mapped[str] = fields.text(_l("Register"), 60, computed=True, words=_called)
    status: Mapped[str] = fields.state(_l("State"), default=ASKED)
    asked_at: Mapped[dt.datetime] = fields.datetime(_l("Put forward at"), computed=True, default=clock.now)
    row_count: Mapped[int] = fields.integer(_l("Number of rows"), computed=True)
    personal_columns: Mapped[str | None] = fields.longtext(_l("Personal columns"), 2000, computed=True)
    columns_said: Mapped[str] = fields.longtext(_l("Columns"), 4000, computed=True)
    narrowed_by: Mapped[str | None] = fields.longtext(_l("Narrowed by"), 4000, computed=True)
    reason: Mapped[str] = fields.longtext(_l("What for"), 500, computed=True)
    opinion: Mapped[str | None] = fields.longtext(_l("Remark"), 500)
    decided_by_id: Mapped[int | None] = fields.ref(_l("Decided by"), "employee", computed=True)
    decided_at: Mapped[dt.datetime | None] = fields.datetime(_l("Decided"), computed=True)
    expires_at: Mapped[dt.datetime | None] = fields.datetime(_l("Valid until"), computed=True)
    taken: Mapped[int] = fields.integer(_l("Times taken"), computed=True, default=0)
    asked: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)

    register = Register(
        area="platform", label=_l("Export request"), title="of_register", icon="download", actions=frozenset(),
        lifecycle=LIFE, permissions=("approve",),
        list=("of_register", "status", "row_count", "owner_id", "asked_at", "expires_at", "taken"),
        filters=("status", "owner_id", "of_register"), order="-id",
        sections=(
            Section(_l("What is to be taken out"), ("of_register", "row_count", "columns_said", "personal_columns",
                                                    "narrowed_by", "reason", "owner_id", "unit_id", "asked_at")),
            Section(_l("Decision"), ("status", "decided_by_id", "decided_at", "opinion", "expires_at", "taken")),
        ),
    )  # fmt: skip


class ExportRule(Record):
    """From how many rows on an export has to be allowed (导出规则): one row, made when the shipped one is changed."""

    most_rows: Mapped[int] = fields.integer(
        _l("Rows without being allowed"), minimum=0, maximum=1_000_000, computed=True,
        help=_l("More rows than these have to be allowed, whatever the columns."),
    )
    most_personal: Mapped[int] = fields.integer(
        _l("Rows with personal columns without being allowed"), minimum=0, maximum=1_000_000, computed=True,
        help=_l("Personal values go out masked all the same."),
    )
    valid_days: Mapped[int] = fields.integer(
        _l("A file may be taken for"), minimum=1, maximum=90, unit=_l("days"), computed=True,
    )
    wait_days: Mapped[int] = fields.integer(
        _l("A request waits for"), minimum=1, maximum=90, unit=_l("days"), computed=True,
    )

    register = Register(
        area="platform", label=_l("Rule of exports"), title="most_rows", icon="adjustments",
        list=("most_rows", "most_personal", "valid_days", "wait_days"), actions=frozenset(), permissions=("write",),
        menu=False,
        sections=(Section(_l("Rule of exports"), ("most_rows", "most_personal", "valid_days", "wait_days")),),
    )
