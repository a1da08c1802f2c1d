"""What a form or page leaves out: empty fields of policies that are not in force there, sections of another kind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from flask import g, has_request_context

from app.core.fieldspec import FieldSpec
from app.core.register import Section
from app.core.whole import Whole

EMPTY: tuple[Any, ...] = (None, "", [])
_in_force: Callable[[int], Collection[str]] | None = None


def set_in_force(function: Callable[[int], Collection[str]]) -> None:
    """Tell core who knows the policies that a unit works by (the policy engine)."""
    global _in_force
    _in_force = function


def offered(whole: Whole, specs: Mapping[str, FieldSpec]) -> dict[str, FieldSpec]:
    """The fields that a form offers for a row: one of certain policies where one is in force, or where it is filled."""
    if not any(spec.used_by for spec in specs.values()):
        return dict(specs)
    policies = _policies(getattr(whole.record, "unit_id", None))
    return {
        name: spec for name, spec in specs.items()
        if not spec.used_by or policies.intersection(spec.used_by) or whole.get(name) not in EMPTY
    }  # fmt: skip


def meant(whole: Whole, section: Section) -> bool:
    """Whether a section is meant for rows of this kind."""
    if not section.when:
        return True
    name, *keys = section.when
    return whole.get(name) in keys


def _policies(unit_id: int | None) -> frozenset[str]:
    if unit_id is None or _in_force is None:
        return frozenset()
    known: dict[int, Any] = g.setdefault("policies_in_force", {}) if has_request_context() else {}
    if unit_id not in known:
        known[unit_id] = frozenset(_in_force(unit_id))
    return frozenset(known[unit_id])
