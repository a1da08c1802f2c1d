"""The posts of the adopted policies: who holds each, which are free, and who might hold them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.core.errors import NotFound
from app.core.remembering import within_transaction
from app.engines.people import catalogue
from app.engines.people import operations as people
from app.engines.people.models import Employee, Holding, OrgUnit
from app.engines.policy import desks
from app.engines.policy import operations as policies
from app.engines.policy.desks import Desk
from app.engines.policy.models import PackVersion, PolicyAdoption


class Person(NamedTuple):
    """Somebody who works in a unit."""

    id: int
    name: str
    number: str
    unit_id: int
    unit: str
    path: str
    account_id: int | None


class Seat(NamedTuple):
    """A post that somebody holds."""

    person: Person
    unit: str


@dataclass(frozen=True)
class Place:
    """A post of a policy where it was adopted: who sits there, and who has the role behind it already."""

    desk: Desk
    seats: Sequence[Seat]
    fitting: Sequence[Person]

    @property
    def counts(self) -> bool:
        """Whether somebody has to be there: everybody's posts and those of outsiders take care of themselves."""
        role = catalogue.roles().get(self.desk.role)
        inside = role is None or role.level != "external"
        return self.desk.acts and inside and self.desk.role != catalogue.EVERYBODY

    @property
    def free(self) -> bool:
        """Whether somebody has to be there and nobody is."""
        return self.counts and not self.seats


@dataclass(frozen=True)
class Adopted:
    """A policy that a unit works by, with its places and who works below that unit."""

    policy: str
    title: str
    unit_id: int
    unit: str
    path: str
    places: Sequence[Place] = field(default_factory=list)
    people: Sequence[Person] = field(default_factory=list)
    registers: frozenset[str] = frozenset()

    @property
    def missing(self) -> list[Place]:
        """Places without which no first case goes its way."""
        return [place for place in self.places if place.free and place.desk.first]


def everybody() -> list[Person]:
    """Who works here, by unit and staff number."""
    columns = (Employee.id, Employee.name, Employee.number, OrgUnit.id, OrgUnit.name, OrgUnit.path, Employee.account_id)
    query = sa.select(*columns).join(OrgUnit, OrgUnit.id == Employee.unit_id).where(Employee.active)
    return [Person(*row) for row in session.execute(query.order_by(OrgUnit.path, Employee.number))]


def adopted_now() -> list[tuple[PolicyAdoption, OrgUnit]]:
    """Every adoption that counts today or later, with its unit."""
    last = sa.func.coalesce(PolicyAdoption.valid_to, clock.today())
    query = sa.select(PolicyAdoption, OrgUnit).join(OrgUnit, OrgUnit.id == PolicyAdoption.unit_id)
    query = query.where(last >= clock.today()).order_by(PolicyAdoption.policy, OrgUnit.path)
    return [(adoption, unit) for adoption, unit in session.execute(query)]


@within_transaction(Employee, OrgUnit, Holding, PolicyAdoption, PackVersion)
def overview() -> Sequence[Adopted]:
    """Every adopted policy with its places; a handful of statements, whatever there is."""
    staff = everybody()
    by_id, held = {one.id: one for one in staff}, _held()
    packs = {pack.code: pack for pack in desks.packs_in_force()}
    found = []
    for adoption, unit in adopted_now():
        pack = packs.get(adoption.policy)
        if pack is not None:
            inside = [one for one in staff if one.path.startswith(unit.path)]
            places = [_place(desk, unit.path, held, by_id, inside) for desk in desks.desks(pack)]
            about = (pack.code, str(pack.title), unit.id, unit.name, unit.path)
            found.append(Adopted(*about, places, inside, frozenset(desks.beginnings(pack))))
    return found


Held = Mapping[str, Sequence[tuple[int, str, str]]]


def _held() -> tuple[Held, Mapping[int, set[str]]]:
    """Who holds which post where, and the roles that each person has."""
    posts: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    roles: dict[int, set[str]] = defaultdict(set)
    query = sa.select(Holding.owner_id, Holding.role, Holding.post, OrgUnit.name, OrgUnit.path)
    query = query.join(OrgUnit, OrgUnit.id == Holding.unit_id).where(Holding.holds_on(clock.today()))
    for owner, role, post, unit, path in session.execute(query.order_by(Holding.id)):
        roles[owner].add(role)
        if post:
            posts[post].append((owner, unit, path))
    return posts, roles


def _place(
    desk: Desk, path: str, held: tuple[Held, Mapping[int, set[str]]], by_id: Mapping[int, Person],
    inside: Iterable[Person],
) -> Place:
    posts, roles = held
    there = [(owner, unit) for owner, unit, where in posts.get(desk.code, ()) if where.startswith(path)]
    seats = [Seat(by_id[owner], unit) for owner, unit in there if owner in by_id]
    sitting = {seat.person.id for seat in seats}
    return Place(desk, seats, [one for one in inside if desk.role in roles.get(one.id, ()) and one.id not in sitting])


def fill(post: str, employee_id: int, unit_id: int | None = None) -> Holding:
    """Let somebody hold a post, in his own unit unless another is named. Raises ``NotFound`` and as ``give``."""
    policies.introduce_all()
    person = session.get(Employee, employee_id)
    unit = session.get(OrgUnit, unit_id or person.unit_id) if person is not None else None
    if person is None or unit is None:
        raise NotFound()
    return people.give(person, catalogue.role_of_post().get(post, ""), unit, post=post)
