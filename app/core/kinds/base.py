"""What every kind of field can do: text in, typed value out, shown, filtered and described."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import String
from sqlalchemy.types import TypeEngine

from app.core.fieldspec import FieldSpec

EQUALITY = ("eq", "in", "empty")
RANGE = ("eq", "gte", "lte", "empty")
LARGEST = 2**53


class Kind:
    """Base of all kinds: text in, typed value out; ``ValueError`` carries the sentence."""

    name: ClassVar[str] = ""
    widget: ClassVar[str] = "text"
    ops: ClassVar[tuple[str, ...]] = ()
    stored: ClassVar[bool] = True
    align: ClassVar[str] = ""
    sortable: ClassVar[bool] = True
    json_type: ClassVar[dict[str, Any]] = {"type": "string"}

    def column_type(self, spec: FieldSpec) -> TypeEngine[Any] | type[TypeEngine[Any]]:
        """The SQLAlchemy type of the column."""
        size = spec.size or 200
        return String(size).with_variant(String(size, collation="C"), "postgresql")

    def read(self, raw: Any, spec: FieldSpec) -> Any:
        """The typed value of a form string or JSON value; empty means ``None``."""
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return None
        return self.parse(raw, spec)

    def parse(self, raw: Any, spec: FieldSpec) -> Any:
        """Read a value that is not empty."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """The text a form field starts with; ``read`` gives the value back."""
        return "" if value is None else str(value)

    def plain(self, value: Any) -> Any:
        """The JSON form of a value."""
        return value

    def schema(self, spec: FieldSpec) -> dict[str, Any]:
        """The OpenAPI schema of a value."""
        described: dict[str, Any] = dict(self.json_type)
        if spec.size and described.get("type") == "string":
            described["maxLength"] = spec.size
        return described if spec.required else described | {"nullable": True}
