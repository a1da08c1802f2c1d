"""What a company made of an open list of choices."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section


class DictionaryEntry(Record):
    """One choice of an open list (字典项); a shipped one without a label of its own is called as it was shipped."""

    __table_args__: Any = (UniqueConstraint("of_list", "key"),)

    of_list: Mapped[str] = fields.text(_l("List"), 120, computed=True)
    key: Mapped[str] = fields.text(_l("Key"), 40, computed=True)
    zh: Mapped[str | None] = fields.text(_l("In Chinese"), 60, computed=True)
    en: Mapped[str | None] = fields.text(_l("In English"), 60, computed=True)
    position: Mapped[int] = fields.integer(_l("Place"), computed=True)
    retired: Mapped[bool] = fields.boolean(_l("Retired"), computed=True, default=False)

    register = Register(
        area="platform", label=_l("Choice of a list"), title="zh", icon="list", actions=frozenset(),
        permissions=("write",), menu=False, list=("of_list", "key", "zh", "en", "position", "retired"),
        filters=("of_list",), order="id",
        sections=(Section(_l("Choice of a list"), ("of_list", "key", "zh", "en", "position", "retired")),),
    )
