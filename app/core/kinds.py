"""Kinds of fields: how a value is read, shown, filtered and described, once for screens, REST and import."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, Boolean, Date, String, Text
from sqlalchemy.types import TypeEngine

from app.core import clock
from app.core.fieldspec import FieldSpec
from app.core.types import MONEY_LIMIT, Json, Key, Money, Percent, UtcDateTime

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


class TextKind(Kind):
    """One line of text; formula signs stay text, control characters are refused."""

    name, widget = "text", "text"
    ops: ClassVar[tuple[str, ...]] = ("eq", "prefix", "in", "empty")

    def parse(self, raw: Any, spec: FieldSpec) -> str:
        if not isinstance(raw, str):
            raise ValueError(_l("A text is expected."))
        value = raw.strip().replace("\r\n", "\n")
        if any(ord(c) < 32 and c not in "\n\t" for c in value) or any(0xD800 <= ord(c) <= 0xDFFF for c in value):
            raise ValueError(_l("The text holds characters that cannot be shown."))
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


class NumberKind(Kind):
    """Shared by whole numbers, money and percentages."""

    ops = RANGE
    align = "end"
    places: ClassVar[int] = 0
    limit: ClassVar[Decimal] = Decimal(LARGEST)

    def parse(self, raw: Any, spec: FieldSpec) -> Any:
        value = self._decimal(raw)
        if spec.minimum is not None and value < Decimal(spec.minimum):
            raise ValueError(_l("Not below %(limit)s.", limit=spec.minimum))
        if spec.maximum is not None and value > Decimal(spec.maximum):
            raise ValueError(_l("Not above %(limit)s.", limit=spec.maximum))
        return value

    def _decimal(self, raw: Any) -> Decimal:
        if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
            raise ValueError(_l("A number is expected."))
        try:
            value = Decimal(str(raw).strip().replace(",", "").replace("，", ""))
        except InvalidOperation:
            raise ValueError(_l("A number is expected.")) from None
        if not value.is_finite() or abs(value) > self.limit:
            raise ValueError(_l("The number is outside what can be kept."))
        if -int(value.as_tuple().exponent) > self.places and value != round(value, self.places):
            raise ValueError(self._too_fine())
        return value

    def _too_fine(self) -> Any:
        return _l("At most %(places)s decimals.", places=self.places)


class IntegerKind(NumberKind):
    """A whole number."""

    name, widget = "integer", "integer"
    json_type: ClassVar[dict[str, Any]] = {"type": "integer"}

    def column_type(self, spec: FieldSpec) -> type[BigInteger]:
        return BigInteger

    def parse(self, raw: Any, spec: FieldSpec) -> int:
        return int(super().parse(raw, spec))

    def _too_fine(self) -> Any:
        return _l("A whole number is expected.")


class MoneyKind(NumberKind):
    """Yuan with at most two decimals."""

    name, widget = "money", "money"
    places, limit = 2, MONEY_LIMIT
    json_type: ClassVar[dict[str, Any]] = {"type": "string", "pattern": r"^-?\d{1,12}(\.\d{1,2})?$"}

    def column_type(self, spec: FieldSpec) -> type[Money]:
        return Money

    def plain(self, value: Decimal | None) -> str | None:
        return None if value is None else f"{value:.2f}"

    def write(self, value: Decimal | None) -> str:
        return self.plain(value) or ""


class PercentKind(MoneyKind):
    """A percentage with at most four decimals."""

    name, widget = "percent", "percent"
    places, limit = 4, Decimal(10000)

    def column_type(self, spec: FieldSpec) -> type[Percent]:  # type: ignore[override]
        return Percent

    def plain(self, value: Decimal | None) -> str | None:
        return None if value is None else f"{value.normalize():f}"


class DateKind(Kind):
    """A calendar day."""

    name, widget = "date", "date"
    ops = RANGE
    json_type: ClassVar[dict[str, Any]] = {"type": "string", "format": "date"}

    def column_type(self, spec: FieldSpec) -> type[Date]:
        return Date

    def parse(self, raw: Any, spec: FieldSpec) -> dt.date:
        try:
            return dt.date.fromisoformat(str(raw).strip())
        except ValueError:
            raise ValueError(_l("A date such as 2025-10-21 is expected.")) from None

    def plain(self, value: dt.date | None) -> str | None:
        return value.isoformat() if value else None


class DateTimeKind(Kind):
    """An instant; written and read in local time."""

    name, widget = "datetime", "datetime"
    ops = RANGE
    json_type: ClassVar[dict[str, Any]] = {"type": "string", "format": "date-time"}

    def column_type(self, spec: FieldSpec) -> type[UtcDateTime]:
        return UtcDateTime

    def parse(self, raw: Any, spec: FieldSpec) -> dt.datetime:
        try:
            return clock.from_local(dt.datetime.fromisoformat(str(raw).strip()))
        except (ValueError, OverflowError):
            raise ValueError(_l("A date and time such as 2025-10-21 17:30 is expected.")) from None

    def write(self, value: dt.datetime | None) -> str:
        return clock.to_local(value).strftime("%Y-%m-%dT%H:%M") if value else ""

    def plain(self, value: dt.datetime | None) -> str | None:
        return clock.to_local(value).isoformat() if value else None


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
        return super().schema(spec) | {"enum": [*spec.choices, *([] if spec.required else [None])]}


class StateKind(TextKind):
    """A state of a case; its words come from the pack, it changes by moves only."""

    name, widget = "state", "choice"
    ops = EQUALITY

    def column_type(self, spec: FieldSpec) -> TypeEngine[Any]:
        return Key(40)


class PostKind(TextKind):
    """The code of a post, whole (``B02.qc``) or without its policy beside a case; its words come from the pack."""

    name = "post"


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


class RefKind(Kind):
    """The id of a row of another register; existence and scope are checked where it is saved."""

    name, widget = "ref", "ref"
    ops = EQUALITY
    sortable = False
    json_type: ClassVar[dict[str, Any]] = {"type": "integer"}

    def parse(self, raw: Any, spec: FieldSpec) -> int:
        if isinstance(raw, bool) or not str(raw).strip().isdecimal() or not 0 < int(raw) < LARGEST:
            raise ValueError(_l("The id of an existing record is expected."))
        return int(raw)


class RefsKind(ManyKind):
    """The ids of several rows of another register."""

    name, widget = "refs", "multiref"

    def parse(self, raw: Any, spec: FieldSpec) -> int:
        return RefKind().parse(raw, spec)

    def schema(self, spec: FieldSpec) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "integer"}, "nullable": not spec.required}


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


class FilesKind(Kind):
    """Attachments of the row; kept in the store, not in a column."""

    name, widget = "files", "files"
    stored = False
    sortable = False

    def read(self, raw: Any, spec: FieldSpec) -> None:
        return None
