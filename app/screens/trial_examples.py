"""Examples of trials out of the policies in force, for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.core.fieldspec import FieldSpec
from app.engines.policy import inputs
from app.engines.policy import operations as policies
from app.engines.policy.models import PackVersion
from app.screens import trying
from app.screens.trying import ALL, REQUESTED, START, USED, WHOLE, Chosen, Fields

BEGUN = "2025-09-26T14:30"
NUMBERS: Mapping[str, Any] = {"integer": 500, "money": "86.00", "percent": "20", "decimal": "1"}
Example = tuple[str, Any, dict[str, Any]]


def examples(call: str) -> dict[str, Any]:
    """An example of each kind from every policy in force, by name."""
    return {
        f"{chosen.version.code}_{name}": {"summary": f"{chosen.version.code} {label}", "value": body}
        for chosen in _in_force() for name, label, body in EXAMPLES[call](chosen)
    }


def _in_force() -> Iterator[Chosen]:
    for code in session.scalars(sa.select(PackVersion.code).distinct().order_by(PackVersion.code)):
        version = policies.current_version(code, clock.today())
        if version is not None:
            yield trying.bare(version)


def value(spec: FieldSpec, place: int = 0) -> Any:
    """A value that a field takes."""
    if spec.kind.name in NUMBERS:
        return "120000.00" if spec.kind.name == "money" and place < 0 else NUMBERS[spec.kind.name]
    if spec.kind.name == "boolean":
        return True
    if spec.choices:
        return next(iter(spec.choices))
    return {"date": BEGUN[:10], "datetime": BEGUN}.get(spec.kind.name, "CN")


def facts_of(fields: Fields, *, large: bool = False) -> dict[str, Any]:
    """A value for each field that is a fact."""
    return {name: value(spec, -1 if large else 0) for name, spec in fields.items() if name not in (START, WHOLE, USED)}


def _due(chosen: Chosen) -> Iterator[Example]:
    for slug, keys in list(trying.groups(chosen).items())[:1]:
        first = chosen.pack.clocks[keys[0]]
        for name, said in ((first.key, {"clock": first.key}), (f"all_{slug}", {"register": slug})):
            fields = trying.clock_fields(chosen, said.get("clock", ALL + slug))
            label = first.label if "clock" in said else chosen.words.register(slug)
            begun = {START: BEGUN} if START in fields else {}
            yield name, label, said | begun | {"facts": facts_of(fields)}


def _authority(chosen: Chosen) -> Iterator[Example]:
    for key, table in list(chosen.pack.authority.items())[:1]:
        fields = inputs.of_authority(chosen.words, table)
        yield key, table.label, {"table": key, "facts": facts_of(fields, large=True)}


def _classify(chosen: Chosen) -> Iterator[Example]:
    known = trying.entries(chosen, "tiers").values()
    banded = next((one for one in known if one.bands), None)
    for one in filter(None, (next((one for one in known if one.criteria), None), banded)):
        fields = inputs.of_tier(chosen.words, one)
        yield one.key, one.label, {"tier": one.key, "facts": facts_of(fields, large=True)}


def _calculate(chosen: Chosen) -> Iterator[Example]:
    longest = max(trying.entries(chosen, "calculations").values(), key=lambda one: len(one.uses), default=None)
    if longest is not None:
        fields = trying.formula_fields(chosen, longest)
        yield longest.key, longest.label, {"calculation": longest.key, "facts": facts_of(fields)}
    for one in list(trying.entries(chosen, "limits").values())[:1]:
        facts = facts_of(trying.formula_fields(chosen, one, limit=True)) | {REQUESTED: "30.00"}
        yield one.key, one.label, {"limit": one.key, "facts": facts}


EXAMPLES: Mapping[str, Callable[[Chosen], Iterator[Example]]] = {
    "due": _due, "authority": _authority, "classify": _classify, "calculate": _calculate,
}
