"""Days and instants."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import Date

from app.core import clock
from app.core.fieldspec import FieldSpec
from app.core.kinds.base import RANGE, Kind
from app.core.types import UtcDateTime


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
    """An instant, exact to the second; written and read in local time."""

    name, widget = "datetime", "datetime"
    ops = RANGE
    json_type: ClassVar[dict[str, Any]] = {"type": "string", "format": "date-time"}

    def column_type(self, spec: FieldSpec) -> type[UtcDateTime]:
        return UtcDateTime

    def parse(self, raw: Any, spec: FieldSpec) -> dt.datetime:
        try:
            return clock.from_local(dt.datetime.fromisoformat(str(raw).strip())).replace(microsecond=0)
        except (ValueError, OverflowError):
            raise ValueError(_l("A date and time such as 2025-10-21 17:30 is expected.")) from None

    def write(self, value: dt.datetime | None) -> str:
        local = clock.to_local(value) if value else None
        return local.strftime("%Y-%m-%dT%H:%M:%S" if local.second else "%Y-%m-%dT%H:%M") if local else ""

    def plain(self, value: dt.datetime | None) -> str | None:
        return clock.to_local(value).isoformat() if value else None
