"""OpenAPI 3 descriptions of a register's REST resource, out of its field specs, and of calls made by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from app.core.fieldspec import FieldSpec
from app.core.query import SIZES, filterable, sortable
from app.core.reading import LONGEST_REASON
from app.core.register import Register, registers

F = TypeVar("F", bound=Callable[..., Any])
Schema = dict[str, Any]

WHOLE: Schema = {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}
TEXT: Schema = {"type": "string"}
ANYTHING: Schema = {"type": "object"}
PROBLEM: Schema = {
    "type": "object",
    "required": ["message", "errors"],
    "properties": {
        "message": TEXT,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    key: {"type": "string", "nullable": True} for key in ("field", "rule", "clause", "message")
                },
            },
        },
        "conflict": {
            "type": "object",
            "description": "With 409 for a stale version: the version now, and what each made of every field",
            "properties": {"row_version": WHOLE, "fields": {"type": "array", "items": ANYTHING}},
        },
    },
}
REFUSALS = {
    "400": "The request cannot be read",
    "401": "Not signed in",
    "403": "Not allowed",
    "404": "No such row, or one out of reach",
    "409": "Changed meanwhile, or needed by another record",
    "413": "Too large",
    "422": "Refused by a rule",
    "429": "Too many attempts",
}
FILE: Schema = {
    "type": "object",
    "properties": {"id": WHOLE, "name": TEXT, "size": TEXT, "url": TEXT},
}
FOUND: Schema = {
    "type": "object",
    "properties": {
        "results": {
            "type": "array",
            "items": {"type": "object", "properties": {"id": WHOLE, "text": TEXT, "sub": TEXT}},
        },
        "more": {"type": "boolean"},
    },
}
MOVE_BODY: Schema = {
    "type": "object",
    "properties": {
        "values": ANYTHING, "reason": {"type": "string", "maxLength": LONGEST_REASON}, "row_version": WHOLE,
    },
}
REASON_BODY: Schema = {
    "type": "object",
    "required": ["reason"],
    "properties": {"reason": {"type": "string", "maxLength": LONGEST_REASON}},
}
RESTORE_BODY: Schema = {
    "type": "object",
    "required": ["at", "fields", "reason"],
    "properties": {
        "at": WHOLE, "fields": {"type": "array", "items": TEXT}, "row_version": WHOLE, **REASON_BODY["properties"],
    },
}
PAST: Schema = {
    "type": "object",
    "required": ["count", "result"],
    "properties": {"count": {"type": "integer", "minimum": 0}, "result": {"type": "array", "items": ANYTHING}},
}


def json_content(schema: Schema) -> dict[str, Any]:
    """A body of JSON."""
    return {"content": {"application/json": {"schema": schema}}}


def refer(name: str) -> Schema:
    """A schema that stands among the components."""
    return {"$ref": f"#/components/schemas/{name}"}


# -- calls made by hand ----------------------------------------------------------------------------------------------


def describes(
    answer: Schema, body: Schema | None = None, query: Mapping[str, Schema] | None = None, status: int = 200
) -> Callable[[F], F]:
    """Say what a call made by hand answers, takes in its body and reads from its address."""

    def keep(function: F) -> F:
        function._described = {"answer": answer, "body": body, "query": query or {}, "status": status}  # type: ignore[attr-defined]
        return function

    return keep


def by_hand(function: Any, path: str, method: str, documented: Mapping[str, Any], public: bool) -> dict[str, Any]:
    """One call made by hand; what its docstring says of it in YAML comes first."""
    known = getattr(function, "_described", {"answer": ANYTHING, "body": None, "query": {}, "status": 200})
    names = [entry["name"] for entry in documented.get("parameters", [])]
    found = {**documented, **_frame(path, (function.__doc__ or "").splitlines()[0])}
    found["parameters"] = [
        *documented.get("parameters", []),
        *(entry for entry in _in_path(path) if entry["name"] not in names),
        *({"in": "query", "name": name, "schema": schema} for name, schema in known["query"].items()),
    ]
    found["responses"] = _responses(known["answer"], str(known["status"]), found.get("responses", {}))
    if method in ("post", "put"):
        found.setdefault("requestBody", json_content(known["body"] or ANYTHING))
    if public:
        found.pop("security")
    return found


def _frame(path: str, summary: str) -> dict[str, Any]:
    return {"summary": summary, "security": [{"jwt": []}, {"api_key": []}], "parameters": _in_path(path)}


def _in_path(path: str) -> list[dict[str, Any]]:
    return [
        {"in": "path", "name": name, "required": True, "schema": WHOLE if name == "pk" or "_id" in name else TEXT}
        for name in re.findall(r"{(\w+)}", path)
    ]


def _responses(answer: Schema, status: str, said: Mapping[Any, Any]) -> dict[str, Any]:
    told = {str(code): dict(response) for code, response in said.items()}
    return {
        status: {"description": "Done", **json_content(answer), **told.pop(status, {})},
        **{code: _refusal(code, told.pop(code, None)) for code in REFUSALS},
        **told,
    }


def _refusal(code: str, told: Mapping[str, Any] | None) -> dict[str, Any]:
    if told is None:
        return {"$ref": f"#/components/responses/{code}"}
    return {"description": REFUSALS[code], **told, **json_content(refer("Problem"))}


# -- registers -------------------------------------------------------------------------------------------------------


def fields_of(register: Register) -> dict[str, FieldSpec]:
    """The fields of a register and of every detail register that a policy may add."""
    details = [other for other in registers().values() if other.detail_of == register.slug]
    return {name: spec for one in (*details, register) for name, spec in one.fields.items()}


def _lenient(spec: FieldSpec) -> Schema:
    return spec.kind.schema(spec) | {"description": str(spec.label)}


def row_schema(register: Register) -> Schema:
    """A row as it is answered; fields of a detail register are empty where the policy of the row has none."""
    shown = {
        name: _lenient(spec) | ({} if name in register.fields else {"nullable": True})
        for name, spec in fields_of(register).items()
        if spec.stored
    }
    for name in register.personal:
        shown[name].pop("maxLength", None)  # a mask may be longer than what it hides
    files = {"type": "array", "items": refer("File")}
    return {
        "type": "object",
        "required": ["id", "row_version"],
        "properties": {
            "id": WHOLE,
            "row_version": WHOLE,
            **shown,
            "_labels": {"type": "object", "additionalProperties": TEXT},
            "_moves": {"type": "array", "items": TEXT},
            "_files": {"type": "object", "additionalProperties": files},
        },
    }


def body_schema(register: Register) -> Schema:
    """A row as it is sent."""
    properties = {n: _lenient(s) for n, s in fields_of(register).items() if s.stored and not s.computed}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def components(register: Register) -> dict[str, Schema]:
    """The named schemas of a register."""
    body = body_schema(register)
    changes = body | {"properties": {**body["properties"], "row_version": WHOLE}}
    listed = {
        "type": "object",
        "required": ["count", "exact", "more", "result"],
        "properties": {
            "count": {"type": "integer", "minimum": 0},
            "exact": {"type": "boolean"},
            "more": {"type": "boolean"},
            "result": {"type": "array", "items": refer(register.slug)},
        },
    }
    return {
        register.slug: row_schema(register),
        f"{register.slug}.new": body,
        f"{register.slug}.change": changes,
        f"{register.slug}.list": listed,
    }


def _list_parameters(register: Register) -> list[dict[str, Any]]:
    orders = sorted(sortable(register))
    limits = {"page": 40, "size": SIZES[-1], "after": 2**53 - 1, "before": 2**53 - 1, "end": 1}
    return [
        {"in": "query", "name": "order", "schema": TEXT | {"enum": [*orders, *(f"-{o}" for o in orders)]}},
        {"in": "query", "name": "q", "schema": TEXT, "description": "Begins with"},
        *({"in": "query", "name": name, "schema": WHOLE | {"maximum": high}} for name, high in limits.items()),
        *(
            {"in": "query", "name": f"{name}__{op}", "schema": TEXT, "description": str(spec.label)}
            for name, spec in filterable(register).items()
            for op in spec.kind.ops
        ),
    ]


_ANSWERS: dict[str, Callable[[str], Schema]] = {
    "get_list": lambda slug: refer(f"{slug}.list"),
    "explain": lambda _slug: ANYTHING,
    "remove": lambda _slug: {"type": "object", "properties": {"message": TEXT}},
    "reveal": lambda _slug: {"type": "object", "required": ["value"], "properties": {"value": TEXT}},
    "attach": lambda _slug: {"type": "array", "items": refer("File")},
    "detach": lambda _slug: {"type": "object", "properties": {"message": TEXT}},
    "history": lambda _slug: PAST,
}
_BODIES: dict[str, Callable[[str], dict[str, Any]]] = {
    "post": lambda slug: json_content(refer(f"{slug}.new")),
    "put": lambda slug: json_content(refer(f"{slug}.change")),
    "move": lambda _slug: json_content(MOVE_BODY),
    "reveal": lambda _slug: json_content(REASON_BODY),
    "restore": lambda _slug: json_content(RESTORE_BODY),
    "attach": lambda _slug: {
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "array", "items": TEXT | {"format": "binary"}}},
                }
            }
        }
    },
}


def operation(register: Register, name: str, path: str, summary: str) -> dict[str, Any]:
    """One operation of the resource."""
    slug = register.slug
    described = _frame(path, summary) | {"operationId": f"{slug}.{name}"}
    answer = _ANSWERS.get(name, refer)(slug)
    described["responses"] = _responses(answer, "201" if name in ("post", "attach") else "200", {})
    if name == "get_list":
        described["parameters"] += _list_parameters(register)
    if name == "history":
        described["parameters"].append({"in": "query", "name": "page", "schema": WHOLE | {"maximum": 5000}})
    if name == "post" and register.from_pack:
        described["parameters"].append({"in": "query", "name": "policy", "schema": TEXT})
    if name == "file":
        described["responses"]["200"]["content"] = {"*/*": {"schema": TEXT | {"format": "binary"}}}
    if name in _BODIES:
        described["requestBody"] = {"required": True, **_BODIES[name](slug)}
    return described
