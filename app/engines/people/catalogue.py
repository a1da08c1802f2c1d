"""The roles the program ships, what each may do, and which duties are kept apart; read from `app/roles`."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict

from app.core.lifecycle import Words
from app.core.register import ACTIONS, Register

FOLDER = Path(__file__).resolve().parents[2] / "roles"
ADMIN, PUBLIC, EXTERNAL = "Admin", "Public", "external"
EVERYBODY = "employee"


def _known_actions(grants: dict[str, str]) -> dict[str, str]:
    for place, actions in grants.items():
        if unknown := set(actions.split()) - set(ACTIONS):
            raise ValueError(f"{place}: no action {sorted(unknown)}")
    return grants


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(_Strict):
    """A text in both languages."""

    zh: str
    en: str


class Role(_Strict):
    """One shipped role. ``grants`` maps an exact register slug, ``@area`` or ``@all`` to actions.

    A role that ``imports`` may bring in from tables what it may write. What a role reads it prints as well, as shipped.
    """

    slug: str
    zh: str
    en: str
    level: Literal["staff", "supervisor", "manager", "executive", "auditor", "admin", "external"]
    duties: Text
    default_scope: Literal["own", "unit", "unit_and_below", "all"]
    maps: tuple[str, ...] = ()
    based_on: str = ""
    imports: bool = False
    grants: Annotated[dict[str, str], AfterValidator(_known_actions)] = {}

    def permissions(self, registers: Mapping[str, Register]) -> set[tuple[str, str]]:
        """The (register, action) pairs that the grants come to among ``registers``."""
        found = set()
        for place, actions in self.grants.items():
            for slug in _slugs(place, registers):
                wanted = {*actions.split(), *self._besides(actions.split())}
                found |= {(slug, action) for action in offered(slug, registers) & wanted}
        return found

    def _besides(self, actions: list[str]) -> Iterator[str]:
        """What comes with other actions."""
        if self.imports and "write" in actions:
            yield "import"
        if "read" in actions:
            yield "print"


class Duty(_Strict):
    """Two roles that are kept apart: by person when a role is given, by case when a step is taken.

    A pair counts in units that adopt one of ``policies``; with ``everywhere`` in all units.
    """

    roles: tuple[str, str]
    scope: Literal["person", "case"]
    policies: tuple[str, ...]
    why: Text
    clause: str
    basis: Literal["stated", "derived"]
    enforced: bool
    everywhere: bool = False


def offered(slug: str, registers: Mapping[str, Register]) -> frozenset[str]:
    """The actions that a register offers; a detail register shares those of its main register."""
    register = registers[slug]
    if register.detail_of:
        return frozenset()
    whole = [register, *(r for r in registers.values() if r.detail_of == slug)]
    found = {"read", "export", *register.permissions}
    if register.actions:
        found.add("write")
    if register.actions & {"add", "edit"} and not register.closed:
        found.add("import")
    if register.from_pack or register.lifecycle:
        found.add("move")
    if not register.sealed:
        found.add("print")
    if any(part.personal for part in whole):
        found.add("reveal")
    return frozenset(found)


def _slugs(place: str, registers: Mapping[str, Register]) -> Iterable[str]:
    if place == "@all":
        return registers
    if place.startswith("@"):
        return [slug for slug, register in registers.items() if register.area == place[1:]]
    return [place] if place in registers else []


def _read(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


@cache
def roles() -> Mapping[str, Role]:
    """The shipped roles by slug."""
    return {role.slug: role for role in map(Role.model_validate, _read("roles.yaml"))}


@cache
def duties() -> tuple[Duty, ...]:
    """The pairs of roles that are kept apart."""
    return tuple(map(Duty.model_validate, _read("duties.yaml")))


_told: dict[str, str] = {}


@cache
def _shipped_posts() -> dict[str, str]:
    return {post: role.slug for role in roles().values() for post in role.maps}


def place_posts(roles_of: Mapping[str, str]) -> None:
    """Tell the product role behind posts that no shipped role names; called by the policy engine for every pack."""
    _told.update(roles_of)


def role_of_post() -> Mapping[str, str]:
    """The product role behind each post of a policy: as the roles say, else as its pack does."""
    return ChainMap(_shipped_posts(), _told)


_own: Callable[[], Mapping[str, Role]] | None = None


def set_own(own: Callable[[], Mapping[str, Role]]) -> None:
    """Tell who knows the roles that administrators made themselves."""
    global _own
    _own = own


def all_roles() -> dict[str, Role]:
    """The shipped roles, then those that administrators made."""
    return {**roles(), **(_own() if _own else {})}


def base_of(slug: str) -> str:
    """The shipped role behind a role: duties are kept apart for its copies too."""
    return slug if slug in roles() else getattr(all_roles().get(slug), "based_on", slug)


def role_labels() -> dict[str, Words]:
    """What roles are called, in the order of the catalogue; the administrator comes last."""
    named = {role.slug: Words(role.zh, role.en) for role in all_roles().values()}
    return named | {ADMIN: Words("门户管理员", "Administrator")}


class RoleChoices(Mapping[str, Words]):
    """The roles to choose from, as they are when they are asked for; with ``inside`` those of people of the house."""

    def __init__(self, *, inside: bool = False) -> None:
        self.inside = inside

    def _known(self) -> dict[str, Words]:
        labels, known = role_labels(), all_roles()
        return {slug: labels[slug] for slug in known if known[slug].level != EXTERNAL} if self.inside else labels

    def __getitem__(self, slug: str) -> Words:
        return self._known()[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())
