"""Duties kept apart, as pure rules: which pairs a set of roles or acts would break."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from app.engines.people.catalogue import Duty


@dataclass(frozen=True)
class Act:
    """A step that somebody took on a case, in a role."""

    role: str
    employee_id: int


def broken_by_person(held: Iterable[str], role: str, adopted: Collection[str], duties: Iterable[Duty]) -> list[Duty]:
    """The pairs that would be united in one person who holds ``held`` and is given ``role``.

    ``adopted`` names the policies of the units concerned; pairs marked everywhere count without one.
    """
    together = set(held)
    return [d for d in duties if d.scope == "person" and _counts(d, adopted) and _partner(d, role) in together]


def broken_by_case(acts: Iterable[Act], act: Act, policy: str, duties: Iterable[Duty]) -> list[Duty]:
    """The pairs that ``act`` would break on a case of ``policy`` on which ``acts`` were taken before."""
    before = {taken.role for taken in acts if taken.employee_id == act.employee_id}
    return [d for d in duties if d.scope == "case" and _counts(d, {policy}) and _partner(d, act.role) in before]


def _counts(duty: Duty, adopted: Collection[str]) -> bool:
    return duty.enforced and (duty.everywhere or not set(duty.policies).isdisjoint(adopted))


def _partner(duty: Duty, role: str) -> str | None:
    """The role that must be another person's; a role has no partner in itself."""
    first, second = duty.roles
    if first == second or role not in duty.roles:
        return None
    return second if role == first else first
