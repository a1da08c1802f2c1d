"""Other rows and attachments."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l

from app.core import reading
from app.core.fieldspec import FieldSpec
from app.core.kinds.base import EQUALITY, LARGEST, Kind
from app.core.kinds.choices import ManyKind


class RefKind(Kind):
    """The id of a row of another register; existence and scope are checked where it is saved."""

    name, widget = "ref", "ref"
    ops = EQUALITY
    sortable = False
    json_type: ClassVar[dict[str, Any]] = {"type": "integer"}

    def parse(self, raw: Any, spec: FieldSpec) -> int:
        found = None if isinstance(raw, bool) else reading.number(raw)
        if found is None or not 0 < found < LARGEST:
            raise ValueError(_l("The id of an existing record is expected."))
        return found


class RefsKind(ManyKind):
    """The ids of several rows of another register."""

    name, widget = "refs", "multiref"

    def parse(self, raw: Any, spec: FieldSpec) -> int:
        return RefKind().parse(raw, spec)

    def schema(self, spec: FieldSpec) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "integer"}, "nullable": not spec.required}


class FilesKind(Kind):
    """Attachments of the row; kept in the store, not in a column."""

    name, widget = "files", "files"
    stored = False
    sortable = False

    def read(self, raw: Any, spec: FieldSpec) -> None:
        return None
