"""OpenAPI 3 descriptions of a register's REST resource, out of its field specs."""

from __future__ import annotations

from typing import Any

from app.core.query import filterable, sortable
from app.core.register import Register, registers

PROBLEM = {
    "type": "object",
    "properties": {
        "message": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    key: {"type": "string", "nullable": True} for key in ("field", "rule", "clause", "message")
                },
            },
        },
    },
}
REFUSALS = {
    "400": "The request cannot be read",
    "401": "Not signed in",
    "403": "Not allowed",
    "404": "No such row",
    "409": "Changed meanwhile",
    "422": "Refused by a rule",
}
PLAIN = {"get_list", "post"}


def _content(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def row_schema(register: Register) -> dict[str, Any]:
    """A row as it is answered."""
    properties = {
        name: spec.kind.schema(spec) | {"description": str(spec.label)}
        for name, spec in _all_fields(register).items()
        if spec.stored
    }
    return {
        "type": "object",
        "properties": {"id": {"type": "integer"}, "row_version": {"type": "integer"}, **properties},
    }


def _all_fields(register: Register) -> dict[str, Any]:
    details = [other for other in registers().values() if other.detail_of == register.slug]
    return {name: spec for one in (*details, register) for name, spec in one.fields.items()}


def body_schema(register: Register) -> dict[str, Any]:
    """A row as it is sent."""
    properties = {n: s.kind.schema(s) for n, s in _all_fields(register).items() if s.stored and not s.computed}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _parameters(register: Register, name: str, path: str) -> list[dict[str, Any]]:
    found = [{"in": "path", "name": "pk", "required": True, "schema": {"type": "integer", "minimum": 1}}]
    found = found if "{pk}" in path else []
    if "{key}" in path:
        found.append({"in": "path", "name": "key", "required": True, "schema": {"type": "string"}})
    if name == "get_list":
        orders = sorted(sortable(register))
        found.append(
            {
                "in": "query",
                "name": "order",
                "schema": {"type": "string", "enum": [*orders, *(f"-{o}" for o in orders)]},
            }
        )
        found += [
            {"in": "query", "name": n, "schema": {"type": "integer", "minimum": 1}} for n in ("page", "size", "after")
        ]
        found += [
            {"in": "query", "name": f"{n}__{op}", "schema": {"type": "string"}, "description": str(spec.label)}
            for n, spec in filterable(register).items()
            for op in spec.kind.ops
        ]
    return found


def operation(register: Register, name: str, path: str, method: str, summary: str) -> dict[str, Any]:
    """One operation of the resource."""
    row = row_schema(register)
    answer = (
        {
            "type": "object",
            "properties": {
                "count": {"type": "integer"},
                "exact": {"type": "boolean"},
                "result": {"type": "array", "items": row},
            },
        }
        if name == "get_list"
        else row
    )
    described: dict[str, Any] = {
        "summary": summary,
        "operationId": f"{register.slug}.{name}",
        "security": [{"jwt": []}],
        "parameters": _parameters(register, name, path),
        "responses": {
            "201" if name == "post" else "200": {
                "description": "Done",
                **_content(answer if name != "explain" else {"type": "object"}),
            },
            **{code: {"description": text, **_content(PROBLEM)} for code, text in REFUSALS.items()},
        },
    }
    if method in ("post", "put"):
        body = {"type": "object", "properties": {"values": {"type": "object"}, "reason": {"type": "string"}}}
        described["requestBody"] = _content(body if name == "move" else body_schema(register))
    return described
