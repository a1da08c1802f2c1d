"""Many rows of one plain INSERT go to PostgreSQL as one COPY: the driver would send a message for each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

MANY = 100
INSERT = re.compile(r"INSERT INTO (?P<table>[\w\".]+) \((?P<columns>[^()]+)\) VALUES \((?P<values>.+)\)\Z", re.DOTALL)
PLAIN = re.compile(r"%\((\w+)\)s(?:::[A-Z][\w ]*(?:\(\d+(?:, ?\d+)?\))?(?:\[\])*)?")


@lru_cache(maxsize=500)
def as_copy(statement: str) -> tuple[str, tuple[str, ...]] | None:
    """The COPY for an INSERT of values only, and the names of its values in order; ``None`` for any other."""
    if (found := INSERT.match(statement)) is None:
        return None
    left, names = found["values"], []
    while (value := PLAIN.match(left)) is not None:
        names.append(value[1])
        left = left[value.end() :].removeprefix(", ")
    if left or len(names) != found["columns"].count(",") + 1:
        return None
    return f"COPY {found['table']} ({found['columns']}) FROM STDIN", tuple(names)


def copy_many(cursor: Any, statement: str, parameters: Sequence[Mapping[str, Any]], context: Any) -> bool | None:
    """Send rows as one stream; ``True`` says that they have been sent."""
    if context is None or context.dialect.driver != "psycopg" or len(parameters) < MANY:
        return None
    if not context.isinsert or (found := as_copy(statement)) is None:
        return None
    command, names = found
    with cursor.copy(command) as copy:
        for row in parameters:
            copy.write_row([row[name] for name in names])
    return True
