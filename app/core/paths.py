"""Paths through references: ``complaint_id.closed_at`` is the field of the row that a field refers to."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.core.fieldspec import FieldSpec
from app.core.kinds import DateTimeKind
from app.core.register import Register, registers
from app.core.whole import fields_of

STAMPS = {
    "created_at": FieldSpec(DateTimeKind(), _l("Begun"), name="created_at"),
    "state_since": FieldSpec(DateTimeKind(), _l("In this state since"), name="state_since"),
}


def step(register: Register, name: str, details: Mapping[str, str]) -> Register | None:
    """The register that a field refers to by one row; ``details`` names the detail register of each register."""
    spec = fields_of(register, details.get(register.slug, "")).get(name)
    return registers().get(spec.target) if spec and spec.kind.name == "ref" else None


def spec_at(register: Register, path: str, details: Mapping[str, str]) -> FieldSpec | None:
    """The field, or the stamp of a row, at the end of a path; ``None`` when it leads nowhere."""
    *way, last = path.split(".")
    for name in way:
        target = step(register, name, details)
        if target is None:
            return None
        register = target
    found = fields_of(register, details.get(register.slug, "")).get(last)
    return found or (STAMPS.get(last) if last in register.model.__table__.c else None)


def way_to_case(register: Register) -> tuple[str, ...] | None:
    """The parents that lead from a line to the case that it belongs to; ``None`` when no case stands above."""
    way: list[str] = []
    while not register.from_pack:
        if not register.parent:
            return None
        way.append(register.parent)
        register = registers()[register.fields[register.parent].target]
    return tuple(way)
