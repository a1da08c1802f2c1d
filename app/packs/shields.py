"""Whom a case is kept from, and who may see the identity behind it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.packs.types import Basis, Entry, Filled, Key, Names, Part, Text


class Viewer(Part):
    """Who may see the identity: holders of posts, in some states of the case.

    ``owner``: only of the own cases; ``field``: only whom this field of the case names; ``granted``: only who was let
    in by name.
    """

    posts: Names = Field(min_length=1)
    states: Names = ()
    owner: bool = False
    field: str = ""
    granted: bool = False
    clause: Filled
    basis: Basis


class Shield(Entry):
    """Rows of a register that are kept from the people and units that their fields name.

    ``ties``: from their relatives too, by the employee file. ``identity`` is the sealed register that keeps the person
    behind a row apart from it, open to ``seen_by`` alone.
    """

    label: Text
    register_: Annotated[Key, Field(alias="register")]
    people: Names = ()
    units: Names = ()
    ties: bool = False
    identity: Key | None = None
    seen_by: tuple[Viewer, ...] = ()


class Asking(Part):
    """Where permission to look is kept: rows of ``register`` in one of ``states`` name what may be seen by whom.

    They hold from the instant of ``from_field`` until that of ``to_field``; with ``export_field`` only those that say
    so let the rows be taken out.
    """

    register_: Annotated[Key, Field(alias="register")]
    states: Annotated[Names, Field(min_length=1)]
    of_field: Key
    by_field: Key
    from_field: Key
    to_field: Key
    number_field: Key
    export_field: str = ""


class Viewing(Entry):
    """Who may look at the rows of a watched register without asking, and which requests let others in for a time."""

    label: Text
    register_: Annotated[Key, Field(alias="register")]
    seen_by: Annotated[tuple[Viewer, ...], Field(min_length=1)]
    requests: Asking | None = None
