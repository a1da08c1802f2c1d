"""Who looked at personal data or took rows out; the database lets no line be changed or removed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import actor, clock, fields
from app.core.append_only import append_only
from app.core.register import Record, Register, Section

ACTS = {"reveal": _l("Unmasked"), "export": _l("Exported"), "view": _l("Looked at"), "print": _l("Printed")}
BASES = {"matrix": _l("By the post"), "request": _l("By a request"), "none": _l("None")}


class AccessLog(Record):
    """One look at personal data, or one export of rows (查阅日志)."""

    at: Mapped[dt.datetime] = fields.datetime(_l("At"), default=clock.now, computed=True)
    account_id: Mapped[int | None] = fields.ref(_l("Account"), "account", default=actor.user_id, computed=True)
    act: Mapped[str] = fields.choice(_l("Act"), ACTS, computed=True)
    of_register: Mapped[str] = fields.text(_l("Register"), 60, computed=True)
    record_id: Mapped[int | None] = fields.integer(_l("Record"), computed=True)
    field: Mapped[str | None] = fields.text(_l("Field"), 60, computed=True)
    rows: Mapped[int] = fields.integer(_l("Number of rows"), default=1, computed=True)
    facts: Mapped[dict[str, Any] | None] = fields.json(_l("What was taken out"))
    granted: Mapped[bool | None] = fields.boolean(_l("Allowed"), default=True, computed=True)
    basis: Mapped[str | None] = fields.choice(_l("On what ground"), BASES, computed=True)
    request_no: Mapped[str | None] = fields.text(_l("Request number"), 40, computed=True)
    reason: Mapped[str] = fields.longtext(_l("Reason"), 500, computed=True)

    register = Register(
        area="platform", label=_l("Access log"), title="of_register", icon="eye",
        list=("at", "account_id", "act", "of_register", "record_id", "field", "rows", "granted", "basis", "request_no",
              "reason"),
        filters=("at", "account_id", "act", "of_register"), order="-at", actions=frozenset(), log=False,
        permissions=("reveal",),
        points=("of_register", "record_id"),
        sections=(
            Section(_l("Access"), ("at", "account_id", "act", "granted", "basis", "request_no", "reason")),
            Section(_l("To what"), ("of_register", "record_id", "field", "rows", "facts")),
        ),
    )


append_only(AccessLog.__table__)
