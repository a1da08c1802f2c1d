"""Yes or no, one or several of a fixed list."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import Boolean
from sqlalchemy.types import TypeEngine

from app.core.fieldspec import FieldSpec
from app.core.kinds.base import EQUALITY, Kind
from app.core.types import Json, Key


class BooleanKind(Kind):
    """Yes, no, or (when not required) not said."""

    name, widget = "boolean", "boolean"
    ops = ("eq", "empty")
    json_type: ClassVar[dict[str, Any]] = {"type": "boolean"}
    words: ClassVar[dict[str, bool]] = {
        "true": True,
        "1": True,
        "yes": True,
        "on": True,
        "false": False,
        "0": False,
        "no": False,
    }

    def column_type(self, spec: FieldSpec) -> type[Boolean]:
        return Boolean

    def parse(self, raw: Any, spec: FieldSpec) -> bool:
        if isinstance(raw, bool):
            return raw
        if (word := str(raw).strip().lower()) in self.words:
            return self.words[word]
        raise ValueError(_l("Yes or no is expected."))

    def write(self, value: bool | None) -> str:
        return "" if value is None else str(value).lower()


class ChoiceKind(Kind):
    """One of a fixed list; stored as its key."""

    name, widget = "choice", "choice"
    ops = EQUALITY

    def column_type(self, spec: FieldSpec) -> TypeEngine[Any]:
        return Key(40)

    def parse(self, raw: Any, spec: FieldSpec) -> str:
        if not isinstance(raw, str) or raw not in spec.choices:
            raise ValueError(_l("“%(value)s” is not one of the choices.", value=str(raw)[:40]))
        return raw

    def schema(self, spec: FieldSpec) -> dict[str, Any]:
        if getattr(spec.choices, "personal", False):  # what there is to choose depends on who asks
            return super().schema(spec)
        return super().schema(spec) | {"enum": [*spec.choices, *([] if spec.required else [None])]}


class ManyKind(Kind):
    """A list kept as JSON; ``read`` takes a list or a comma-separated text."""

    ops = ()
    sortable = False

    def column_type(self, spec: FieldSpec) -> Any:
        return Json

    def read(self, raw: Any, spec: FieldSpec) -> Any:
        items = raw.split(",") if isinstance(raw, str) else raw
        if items is not None and not isinstance(items, list | tuple):
            raise ValueError(_l("A list is expected."))
        found = [self.parse(item, spec) for item in items or [] if item not in ("", None)]
        return list(dict.fromkeys(found)) or None

    def write(self, value: list[Any] | None) -> str:
        return ",".join(str(item) for item in value or [])


class ChoicesKind(ManyKind):
    """Several of a fixed list."""

    name, widget = "choices", "multichoice"

    def parse(self, raw: Any, spec: FieldSpec) -> str:
        return ChoiceKind().parse(raw, spec)

    def schema(self, spec: FieldSpec) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string", "enum": list(spec.choices)}, "nullable": not spec.required}
