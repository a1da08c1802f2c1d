"""Texts, personal data and computed JSON."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from app.core import reading
from app.core.fieldspec import FieldSpec
from app.core.kinds.base import EQUALITY, Kind
from app.core.types import Json, Key


class TextKind(Kind):
    """One line of text; formula signs stay text, control characters are refused."""

    name, widget = "text", "text"
    ops: ClassVar[tuple[str, ...]] = ("eq", "contains", "prefix", "in", "empty")

    def parse(self, raw: Any, spec: FieldSpec) -> str:
        if not isinstance(raw, str):
            raise ValueError(_l("A text is expected."))
        value = raw.strip().replace("\r\n", "\n")
        if "\r" in value or not reading.is_shown(value):
            raise ValueError(_l("The text holds characters that cannot be shown."))
        value = spec.clean(value) if spec.clean else value
        if spec.size and len(value) > spec.size:
            raise ValueError(
                _l("At most %(size)s characters; these are %(length)s.", size=spec.size, length=len(value))
            )
        return value


class LongTextKind(TextKind):
    """Several lines of text."""

    name, widget = "longtext", "longtext"
    ops = ("empty",)
    sortable = False

    def column_type(self, spec: FieldSpec) -> type[Text]:
        return Text


class StateKind(TextKind):
    """A state of a case; its words come from the pack, it changes by moves only."""

    name, widget = "state", "choice"
    ops = EQUALITY

    def column_type(self, spec: FieldSpec) -> TypeEngine[Any]:
        return Key(40)


class PostKind(TextKind):
    """The code of a post, whole (``B02.qc``) or without its policy beside a case; its words come from the pack."""

    name = "post"


class PersonalKind(TextKind):
    """Personal data: encrypted, masked until revealed with a reason, found only whole."""

    name, widget = "personal", "personal"
    ops = ("eq",)
    sortable = False

    def column_type(self, spec: FieldSpec) -> TypeEngine[Any]:
        from app.core.crypto import Encrypted

        return Encrypted()


class JsonKind(Kind):
    """Computed data; shown as a table, never typed by hand."""

    name, widget = "json", "json"
    sortable = False
    json_type: ClassVar[dict[str, Any]] = {}

    def column_type(self, spec: FieldSpec) -> Any:
        return Json

    def parse(self, raw: Any, spec: FieldSpec) -> Any:
        try:
            return json.loads(raw) if isinstance(raw, str) else raw
        except ValueError:
            raise ValueError(_l("This is not valid JSON.")) from None

    def write(self, value: Any) -> str:
        return "" if value is None else json.dumps(value, ensure_ascii=False)
