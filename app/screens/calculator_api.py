"""Calculators for programs: when something is due, which class it is, who decides, what it comes to. Saves nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import jsonify
from flask_appbuilder import expose
from flask_appbuilder.api import protect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core import openapi, reading
from app.core.errors import BadRequest, Problem, Refusal
from app.core.screen import ScreenApi
from app.screens import trial_answers as answers
from app.screens import trial_examples, trying
from app.screens.trying import ALL, START, WHOLE, Chosen

TEXT, NUMBERS = openapi.TEXT, {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}
KEY = {"type": "string", "maxLength": 60}
FACTS = {
    "type": "object", "additionalProperties": {},
    "description": "What is known, by the names of fields as the policy's page and the calculator show them",
}
WHY = {"type": "array", "items": TEXT}
COMMON = {
    "version": NUMBERS | {"description": "A version of the policy; the one in force without it"},
    "unit_id": NUMBERS | {"description": "A unit that works by the policy: its own settings count"},
    "facts": FACTS,
}  # fmt: skip
INSTANT = {"type": "string", "format": "date-time"}


def _body(**own: Any) -> dict[str, Any]:
    return {"type": "object", "properties": own | COMMON, "additionalProperties": False}


def _answer(**own: Any) -> dict[str, Any]:
    common = {"policy": TEXT, "version": NUMBERS, "unit_id": NUMBERS | {"nullable": True}}
    return {"type": "object", "required": [*common, *own], "properties": common | own}


DAY = {
    "type": "object",
    "properties": {"date": TEXT | {"format": "date"}, "kind": TEXT, "status": TEXT, "count": TEXT,
                   "name": {"type": "object", "nullable": True, "properties": {"zh": TEXT, "en": TEXT}}},
}  # fmt: skip
CLOCK = {
    "type": "object",
    "required": ["clock", "due_at", "why", "clause", "days"],
    "properties": {
        "clock": KEY, "label": TEXT, "limit": TEXT, "clause": TEXT, "basis": TEXT, "start_at": INSTANT,
        "due_at": INSTANT | {"nullable": True}, "uncapped_at": INSTANT | {"nullable": True},
        "capped": {"type": "boolean"}, "provisional": {"type": "boolean"}, "why": WHY,
        "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
        "days": {"type": "array", "items": DAY},
    },
}  # fmt: skip
LINES = {"type": "array", "items": {"type": "object"}}
DUE_BODY = _body(
    clock=KEY | {"description": "A clock of the policy; or name a register for all clocks of a case"},
    register=KEY | {"description": "Every clock on the rows of this register, if each began at the start"},
    start=INSTANT | {"description": "Local time unless it names a zone"},
    whole_start=INSTANT | {"description": "When the clock began that this one never outlives"},
)
DUE = _answer(result={"type": "array", "items": CLOCK})
AUTHORITY = _answer(post=TEXT, post_label=TEXT, amount=TEXT, pick=TEXT, amounts={"type": "object"}, bands=LINES,
                    clause=TEXT, why=WHY)
TIER = _answer(key=KEY, tier=TEXT | {"nullable": True}, label=TEXT, figures={"type": "object"}, lines=LINES,
               clause=TEXT, basis=TEXT, why=WHY)
AMOUNT = _answer(label=TEXT, text=TEXT, clause=TEXT, basis=TEXT, why=WHY)


@dataclass(frozen=True)
class Asked:
    """A request as it was read: which version, whose settings, which facts, and what else it says."""

    chosen: Chosen
    facts: Mapping[str, Any]
    said: Mapping[str, Any]


class CalculatorApi(ScreenApi):
    """``/api/v1/policy/<code>/…``: trials that answer with the explanation and save nothing."""

    resource_name = "policy"
    openapi_spec_tag = "calculator"
    class_permission_name = "pack_version"
    method_permission_name: ClassVar[dict[str, str]] = dict.fromkeys(
        ("due", "classify", "authority", "calculate"), "read"
    )

    @expose("/<code>/due", methods=["POST"])
    @protect()
    @openapi.describes(DUE, DUE_BODY)
    def due(self, code: str) -> Response:
        """When a clock of a policy ends, or every clock of a register: every counted and skipped day, the clause."""
        asked = _asked(code, DUE_BODY)
        key = _clock(asked)
        instants = {name: asked.said[name] for name in (START, WHOLE) if asked.said.get(name) is not None}
        return jsonify(answers.due(asked.chosen, trying.due(asked.chosen, key, {**asked.facts, **instants})))

    @expose("/<code>/authority", methods=["POST"])
    @protect()
    @openapi.describes(AUTHORITY, _body(table=KEY))
    def authority(self, code: str) -> Response:
        """Who decides some amounts, with every band of the table."""
        asked = _asked(code, _body(table=KEY))
        key = trying.entry(asked.chosen, "authority", asked.said.get("table"), "table").key
        return jsonify(answers.authority(asked.chosen, key, trying.authority(asked.chosen, key, asked.facts)))

    @expose("/<code>/classify", methods=["POST"])
    @protect()
    @openapi.describes(TIER, _body(tier=KEY))
    def classify(self, code: str) -> Response:
        """Which class some facts lead to, and why not the next; a fact that is not given is not known."""
        asked = _asked(code, _body(tier=KEY))
        key = trying.entry(asked.chosen, "tiers", asked.said.get("tier"), "tier").key
        return jsonify(answers.tier(asked.chosen, trying.classify(asked.chosen, key, asked.facts)))

    @expose("/<code>/calculate", methods=["POST"])
    @protect()
    @openapi.describes(AMOUNT, _body(calculation=KEY, limit=KEY))
    def calculate(self, code: str) -> Response:
        """What a calculation comes to, or whether a limit holds for what is ``requested`` beside what is ``used``."""
        asked = _asked(code, _body(calculation=KEY, limit=KEY))
        chosen, limit = asked.chosen, asked.said.get("limit")
        if (limit is None) == (asked.said.get("calculation") is None):
            raise Refusal(Problem(_("Name either a calculation or a limit."), "calculation", "one_of"))
        if limit is not None:
            key = trying.entry(chosen, "limits", limit, "limit").key
            return jsonify(answers.bound(chosen, trying.measure(chosen, key, asked.facts)))
        key = trying.entry(chosen, "calculations", asked.said["calculation"], "calculation").key
        return jsonify(answers.amount(chosen, trying.calculate(chosen, key, asked.facts)))

    def operation_helper(
        self, path: str = "", operations: Any = None, methods: Any = (), func: Any = None, **options: Any
    ) -> None:
        """As every call made by hand, with examples out of the policies in force."""
        super().operation_helper(path, operations, methods, func, **options)
        for found in operations.values():
            content = found["requestBody"]["content"]["application/json"]
            content["examples"] = trial_examples.examples(func.__name__)


def _asked(code: str, schema: Mapping[str, Any]) -> Asked:
    """The body of a request; raises ``BadRequest`` for one that is none of ours."""
    said = reading.json_object()
    Refusal.when(_strange(said, schema))
    facts = said.get("facts") or {}
    if not isinstance(facts, dict):
        raise BadRequest(_("“%(key)s” must be an object.", key="facts"))
    numbers = {name: _whole(said, name) for name in ("version", "unit_id")}
    return Asked(trying.choose(code, **numbers), facts, said)


def _strange(said: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Problem]:
    for name in said:
        if name not in schema["properties"]:
            known = ", ".join(schema["properties"])
            text = _("“%(key)s” is not one of: %(known)s.", key=str(name)[:60], known=known)
            yield Problem(text, str(name)[:60], "unknown")


def _whole(said: Mapping[str, Any], name: str) -> int | None:
    value = said.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**53):
        raise BadRequest(_("“%(key)s” must be a whole number.", key=name))
    return value


def _clock(asked: Asked) -> str:
    """The clock that is asked about, or every clock of a register."""
    clock, register = asked.said.get("clock"), asked.said.get("register")
    if (clock is None) == (register is None):
        raise Refusal(Problem(_("Name either a clock or a register."), "clock", "one_of"))
    if register is None:
        key: str = trying.entry(asked.chosen, "clocks", clock, "clock").key
        return key
    known = trying.groups(asked.chosen)
    if not isinstance(register, str) or register not in known:
        text = _("“%(key)s” is not one of: %(known)s.", key=str(register)[:60], known=", ".join(known))
        raise Refusal(Problem(text, "register", "unknown"))
    return ALL + register
