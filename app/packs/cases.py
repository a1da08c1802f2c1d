"""The life of a case: its states, the steps between them, and what its fields must be."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from flask_babel import gettext as _
from pydantic import Field, field_validator, model_validator

from app.packs.types import Basis, Entry, Filled, Key, Names, Nothing, Number, Part, Ref, Table, Text, Value, When

Tone = Literal["ok", "info", "hold", "warn", "late", "mute"]


class Holder(Part):
    """Who has a case in a state: a post, in the unit that a field names, or the case's own person."""

    post: Key
    unit_field: str = ""
    owner: bool = False


class State(Entry):
    """A state of a case; its holder may type in the ``editable`` fields."""

    label: Text
    tone: Tone = "info"
    final: bool = False
    holder: Holder | None = None
    editable: Names = ()


class Move(Entry):
    """A step of a case. ``sets`` fills fields by itself: @now, @today, @me (who makes the step) or a fixed value.

    With ``post_field`` only the post named by that field acts, out of ``posts``.
    A ``system`` move is made at once when the case is in its state and ``when`` holds.
    """

    label: Text
    sources: Annotated[Names, Field(alias="from", min_length=1)]
    to: Key
    posts: Names = ()
    post_field: str = ""
    requires: Names = ()
    writes: Names = ()
    when: When = Nothing
    guards: Names = ()
    effects: Names = ()
    sets: Mapping[Key, Value] = Nothing
    reason: bool = False
    system: bool = False
    owner_only: bool = False
    confirm: Text | None = None
    tone: str = ""

    @model_validator(mode="after")
    def _somebody_acts(self) -> Move:
        if bool(self.posts) == self.system:
            raise ValueError(_("a step is made either by posts or by the system"))
        if self.system and not self.when:
            raise ValueError(_("the system needs to know when to make the step"))
        return self


class Step(Part):
    """A station of the stepper."""

    label: Text
    states: Names


class FieldRule(Entry):
    """What a field must be, at the moves ``on`` or always; ``remark`` is what the form says instead of a value."""

    required_when: When = Nothing
    empty_when: When = Nothing
    on: Names = ()
    remark: Text | None = None


class Opinion(Entry):
    """A field that belongs to posts: nobody else writes it."""

    posts: Names = Field(min_length=1)


class Line(Entry):
    """Rows that belong to a case, such as its samples: which of their fields belong to which posts."""

    opinions: Table[Opinion]


class VersionRule(Part):
    """Which move opens a new form after a refusal, what it takes along, and its number out of {case} and {version}.

    A form that agrees in the fields ``same`` with one that was refused is opened by that move only.
    """

    move: Key
    copies: Names
    same: Names = ()
    number: Filled
    clause: Filled
    basis: Basis


class Rounds(Part):
    """A case that is handled round by round, each on a form of its own, such as a level that the customer refused.

    The moves ``opens`` begin a form of the case register ``register``, which follows the fields of the case by
    ``fills`` (form field: case field) until it ends; a later one begins with the fields ``clears`` empty.
    ``number`` is written with {number}, the running number of the first form, and {round}; ``first`` is how the first
    form is numbered where that differs. More than ``most`` rounds are refused.
    """

    register_: Annotated[Key, Field(alias="register")]
    opens: Annotated[Names, Field(min_length=1)]
    fills: Mapping[Key, Key]
    clears: Names = ()
    number: Filled
    first: str = ""
    most: Number | None = None
    clause: Filled
    basis: Basis

    @field_validator("most")
    @classmethod
    def _one_at_least(cls, most: Decimal | Ref | None) -> Decimal | Ref | None:
        if isinstance(most, Decimal) and (most < 1 or most != int(most)):
            raise ValueError(_("at least one round is allowed"))
        return most


class Case(Entry):
    """The life of the rows of one register under this policy.

    ``unused`` names fields and lines of the register that the policy knows nothing of, ``offers`` the choices of a
    field that it knows where those are not all; a new row begins with the first. ``follows`` says how the
    complaint must stand that a consequence follows; by itself it is founded and closed.
    """

    label: Text
    detail: Key | None = None
    start: Key
    may_open: Names = Field(min_length=1)
    states: Table[State]
    moves: Table[Move]
    steps: tuple[Step, ...] = ()
    rules: Table[FieldRule] = Nothing
    opinions: Table[Opinion] = Nothing
    lines: Table[Line] = Nothing
    new_form: VersionRule | None = None
    unused: Names = ()
    offers: Mapping[Key, Annotated[Names, Field(min_length=1)]] = Nothing
    follows: When = Nothing
    rounds: Rounds | None = None
    procedures: Table[Procedure] = Nothing


class ProcedureStep(Part):
    """One step of a procedure, by its ``kind`` in the register of steps; ``moves`` of the case do it.

    ``at_field`` and ``by_field`` of the case say when and by whom, where that was not the move; ``text_field`` is kept.
    """

    key: Key
    label: Text
    moves: Annotated[Names, Field(min_length=1)]
    at_field: str = ""
    by_field: str = ""
    text_field: str = ""


class Procedure(Entry):
    """Steps of a case that are done one after the other, each kept as a row of the case register ``register``.

    One of the moves ``begins`` opens a list when the case then meets ``when``; earlier lists stay, and what was still
    open in them is dropped.
    """

    label: Text
    register_: Annotated[Key, Field(alias="register")]
    when: When = Nothing
    begins: Annotated[Names, Field(min_length=1)]
    steps: Annotated[tuple[ProcedureStep, ...], Field(min_length=1)]


class Conduct(Entry):
    """How people are to behave; whoever fills or reads the form at that point is reminded of it.

    With ``when`` the reminder is for rows of which that holds.
    """

    text: Text
    register_: Annotated[Key, Field(alias="register")]
    when: When = Nothing
    states: Names = ()
    moves: Names = ()
