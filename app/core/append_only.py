"""Tables that only grow: the database itself refuses to change or remove one of their rows."""

from __future__ import annotations

from sqlalchemy import DDL, Table, event

_tables: list[str] = []

_FUNCTION = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$"""


def append_only(table: Table) -> None:
    """Guard a table by triggers from its creation on."""
    _tables.append(table.name)
    for dialect in ("sqlite", "postgresql"):
        for statement in _guards(table.name, dialect):
            event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]


def statements(dialect: str) -> list[str]:
    """The DDL that guards every append-only table on ``sqlite`` or ``postgresql``, for migrations."""
    return list(dict.fromkeys(line for table in _tables for line in _guards(table, dialect)))


def _guards(table: str, dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for act in ("update", "delete")
        ]
    # per row, because removing an account lets the foreign keys run an UPDATE that may match nothing
    return [
        _FUNCTION,
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]
