"""Values that a field must refuse, by its kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.core.fieldspec import FieldSpec


def bad(spec: FieldSpec) -> Iterator[Any]:
    """Values that no field of the kind takes, as JSON."""
    yield from _BAD.get(spec.kind.name, ())
    if spec.kind.name in ("text", "longtext", "personal"):
        yield "长" * ((spec.size or 200) + 1)


_BAD: Mapping[str, tuple[Any, ...]] = {
    "text": ("a\x00b", "a\x07b", 5, ["x"], {"x": 1}),
    "longtext": ("a\x00b", "a\x1bb", 5),
    "personal": ("a\x00b", 5),
    "integer": ("1.5", "abc", "1e400", "NaN", "99999999999999999999", True, [1], "٣٫٥"),
    "money": ("1.234", "abc", "NaN", "Infinity", "-Infinity", "1e400", "1000000000000000", True, {"x": 1}),
    "percent": ("1.23456", "abc", "NaN", "1e9"),
    "decimal": ("1.23456", "abc", "NaN", "1e400"),
    "date": ("2025-13-01", "2025-02-30", "yesterday", 5, ["2025-01-01"]),
    "datetime": ("2025-13-01T00:00", "2025-01-01T25:00", "now", "0001-01-01T00:00", 5),
    "boolean": ("maybe", 7, ["x"]),
    "choice": ("nowhere", 5, ["x"]),
    "choices": (["nowhere"], 5, [["x"]]),
    "ref": ("abc", -1, 0, 999999, "9" * 30, "9" * 5000, {"id": 1}, 1.5, True),
    "refs": (["abc"], [-1], [999999], 5, [{"id": 1}]),
}
