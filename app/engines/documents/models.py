"""Which unit holds which copy of a printed form (联次分送); the company's own Word and Excel forms as templates."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, fields
from app.core.lifecycle import Lifecycle, Move, State
from app.core.register import Record, Register, Section, registers
from app.core.scope import Owned
from app.core.types import Key, RowId

SENT, ACKNOWLEDGED = "sent", "acknowledged"
LIFE = Lifecycle(
    start=SENT,
    states={
        SENT: State(SENT, _l("Sent"), "info"),
        ACKNOWLEDGED: State(ACKNOWLEDGED, _l("Acknowledged"), "ok", final=True),
    },
    moves={
        "acknowledge": Move(
            "acknowledge", _l("Acknowledge receipt"), (SENT,), ACKNOWLEDGED,
            sets={"acknowledged_at": "@now", "acknowledged_by_id": "@me"}, guards=("copy_holder",),
            confirm=_l("You hold this copy now."),
        ),
    },
)


class DeliveryReceipt(Owned, Record):
    """One copy of a form: the unit that keeps it, when it was sent and who acknowledged it."""

    __table_args__: Any = (UniqueConstraint("register_slug", "record_id", "copy_no"),)

    register_slug: Mapped[str] = mapped_column(Key(60))
    record_id: Mapped[int] = mapped_column(RowId)
    subject: Mapped[str] = fields.text(_l("Form"), 120, computed=True)
    copy_no: Mapped[int] = fields.integer(_l("Copy"), computed=True)
    label: Mapped[dict[str, str]] = fields.json(_l("Copy in words"))
    status: Mapped[str] = fields.state(_l("State"), default=SENT)
    sent_at: Mapped[dt.datetime] = fields.datetime(_l("Sent"), computed=True, default=clock.now)
    acknowledged_by_id: Mapped[int | None] = fields.ref(_l("Acknowledged by"), "employee", computed=True)
    acknowledged_at: Mapped[dt.datetime | None] = fields.datetime(_l("Acknowledged"), computed=True)

    register = Register(
        area="platform", label=_l("Copy sent out"), title="subject", icon="files", actions=frozenset(), lifecycle=LIFE,
        points=("register_slug", "record_id"),
        list=("subject", "copy_no", "unit_id", "status", "sent_at", "acknowledged_by_id", "acknowledged_at"),
        search=("subject",), filters=("status", "unit_id", "sent_at"), order="-sent_at", internal=("label", "owner_id"),
        sections=(Section(_l("Copy"), ("subject", "copy_no", "unit_id", "status", "sent_at", "acknowledged_by_id",
                                       "acknowledged_at")),),
    )


def register_words(slug: str) -> str:
    """A register as people call it."""
    return str(registers()[slug].label) if slug in registers() else slug


class PrintTemplate(Record):
    """One version of a Word or Excel form that rows of a register fill; an earlier version stays to be read."""

    name: Mapped[str] = fields.text(_l("Name of the template"), 120)
    of_register: Mapped[str] = fields.text(_l("Register"), 60, computed=True, words=register_words)
    kind: Mapped[str] = fields.choice(_l("Kind of file"), {"docx": _l("Word"), "xlsx": _l("Excel")}, computed=True)
    version_no: Mapped[int] = fields.integer(_l("Version"), computed=True, default=1)
    in_use: Mapped[bool] = fields.boolean(_l("In use"), default=True)
    previous_id: Mapped[int | None] = fields.ref(_l("Earlier version"), "print_template", computed=True)
    places: Mapped[list[str] | None] = fields.json(_l("Placeholders"))
    file = fields.files(_l("File"), computed=True)

    register = Register(
        area="platform", label=_l("Form template"), title="name", icon="file-text", actions=frozenset({"edit"}),
        menu=False, list=("name", "of_register", "kind", "version_no", "in_use"), search=("name",),
        filters=("of_register", "in_use"), order="-id", internal=("places",),
        sections=(Section(_l("Template"), ("name", "of_register", "kind", "version_no", "in_use", "previous_id",
                                           "file")),),
    )  # fmt: skip
