"""Service script (话术与操作指引): what to say on which occasion, and what nobody says."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section
from app.core.scope import Owned

KINDS = {
    "script": _l("Script"),
    "forbidden": _l("Forbidden phrase"),
    "template": _l("Pattern of a remark"),
    "steps": _l("Steps to follow"),
}


class ServiceScript(Owned, Record):
    """A sentence of the unit that owns it and of those below; a new wording is a new version."""

    __table_args__: Any = (UniqueConstraint("unit_id", "code", "version"),)

    code: Mapped[str] = fields.text(_l("Code"), 20)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="script")
    scene: Mapped[str] = fields.text(_l("Occasion"), 60)
    branch: Mapped[str | None] = fields.text(_l("When"), 60, help=_l("The case in which it is said, if not always."))
    step_no: Mapped[int | None] = fields.integer(_l("Step"), minimum=1)
    text: Mapped[str] = fields.longtext(_l("Words"), 2000)
    reason: Mapped[str | None] = fields.longtext(_l("Why"))
    required: Mapped[bool] = fields.boolean(_l("Always said"), default=False)
    version: Mapped[str] = fields.text(_l("Version"), 10, default="1")
    active: Mapped[bool] = fields.boolean(_l("In use"), default=True)

    register = Register(
        area="service",
        label=_l("Service script"),
        title="code",
        subject="scene",
        icon="messages",
        order="code",
        actions=frozenset({"add", "edit"}),
        list=("code", "kind", "scene", "text", "version", "active"),
        search=("code", "scene"),
        filters=("code", "kind", "active", "unit_id"),
        sections=(
            Section(_l("Script"), ("code", "kind", "scene", "branch", "step_no", "text", "required", "reason"),
                    clause="7.0"),
            Section(_l("Entry"), ("version", "active", "unit_id", "owner_id")),
        ),
    )  # fmt: skip
