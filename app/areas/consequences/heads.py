"""Who leads whom: the head of a unit's people, and one level up for a head himself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.engines.people import operations as people
from app.engines.people.seats import units_above
from app.engines.policy import operations as policy


@dataclass(frozen=True)
class Head:
    """A person who leads, by which post of the policy, and in which unit he holds it."""

    employee_id: int
    post: str
    unit_id: int


def head_of(case: Any, unit_id: int, employee_id: int | None = None) -> Head | None:
    """The direct head of a unit's people, or of one person in it; ``None`` above the highest.

    The pack of ``case`` names the posts: the first is looked for in the unit and those above it, then the others.
    """
    pack, within = policy.pack_for(case.pack_version_id), people.path_of(case.adopter_id)
    if pack.heads is None:
        return None
    local, *higher = pack.heads.posts
    seats = people.holders_many([f"{case.policy}.{post}" for post in pack.heads.posts], [within])
    held: dict[str, list[people.Seat]] = {}
    for seat in seats:
        if seat.for_employee_id is None:
            held.setdefault(seat.post.removeprefix(f"{case.policy}."), []).append(seat)
    own = [post for post in higher if any(seat.employee_id == employee_id for seat in held.get(post, ()))]
    if own:
        return _first(held, higher[higher.index(own[-1]) + 1 :])
    for above in units_above(unit_id, within):
        here = sorted(seat.employee_id for seat in held.get(local, ()) if seat.unit_id == above)
        if here and employee_id not in here:
            return Head(here[0], local, above)
    return _first(held, higher)


def _first(held: dict[str, list[people.Seat]], posts: list[str]) -> Head | None:
    for post in posts:
        if found := sorted(held.get(post, ()), key=lambda seat: seat.employee_id):
            return Head(found[0].employee_id, post, found[0].unit_id)
    return None
