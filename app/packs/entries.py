"""The entries of a pack: what a policy says, one class per kind of sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from flask_babel import gettext as _
from pydantic import Field, model_validator

from app.packs.tiers import Criterion as Criterion
from app.packs.tiers import Tier as Tier
from app.packs.types import (
    Amount,
    Band,
    Bands,
    Basis,
    Entry,
    Filled,
    Key,
    Names,
    Nothing,
    Number,
    Part,
    Span,
    Text,
    Time,
    Unit,
    When,
)

Outcome = Literal["approve", "reject", "return"]


class Parameter(Entry):
    """A setting that an adopting unit may give another value."""

    type: Literal["integer", "decimal", "money", "percent", "choice", "flag"]
    value: Filled
    label: Text
    unit: Text | None = None
    choices: Mapping[Key, Text] = Nothing
    minimum: Amount | None = None
    maximum: Amount | None = None


class Calendar(Part):
    """The working calendar of the policy, and its office hours where they differ."""

    code: Filled
    hours: Filled
    clause: Filled
    basis: Basis


class Post(Entry):
    """A post that the policy names; ``role`` is the product role whose screens its holder uses."""

    label: Text
    role: Key
    duties: Text


class Moments(Part):
    """Moments in a case: it enters one of the states, or one of the moves is made."""

    states: Names = ()
    moves: Names = ()


class Turns(Moments):
    """Moments in a case, and fields that turn to a value, by a step, by an edit or because a class rose."""

    becomes: When = Nothing


class Allowance(Part):
    """How much time a clock gives when its conditions hold, or until a field's day; of both the earlier counts.

    The last of some days ends at 23:59:59, or ``at`` a time of day.
    """

    when: When = Nothing
    number: Number | None = None
    unit: Unit | None = None
    until_field: str = ""
    count_first_day: bool = False
    to_the_minute: bool = False
    roll_forward: bool = False
    at: Time | None = None
    clause: Filled
    basis: Basis

    @model_validator(mode="after")
    def _one_end(self) -> Allowance:
        if self.at and (self.to_the_minute or self.number is None):
            raise ValueError(_("a time of day ends some days that do not end to the minute"))
        return self

    @model_validator(mode="after")
    def _some_time(self) -> Allowance:
        if (self.number is None) != (self.unit is None) or (self.number is None and not self.until_field):
            raise ValueError(_("a number with its unit, or a field with the day, is needed"))
        return self


class Escalation(Part):
    """A rung of the ladder: so long after the breach these posts are told."""

    after: Span
    posts: Names = Field(min_length=1)


class Clock(Entry):
    """A time limit on the rows of a register; without ``stop`` it runs while the case is in the start states.

    Of the allowances the first whose conditions hold counts; none means no limit. ``cap`` names the clock that it
    never outlives. ``from_field`` counts from that field's instant instead of the start. A ``breach`` of ``none`` is a
    span that simply ends: nobody is late by it.
    """

    label: Text
    register_: Annotated[Key, Field(alias="register")]
    start: Turns
    stop: Turns | None = None
    from_field: str = ""
    due_field: str = ""
    allowances: tuple[Allowance, ...] = Field(min_length=1)
    cap: Key | None = None
    responsible: Key
    warn_before: Span | None = None
    breach: Literal["red", "warning", "none"] = "red"
    escalation: tuple[Escalation, ...] = ()

    @model_validator(mode="after")
    def _ends(self) -> Clock:
        if not self.start.states and self.stop is None:
            raise ValueError(_("a clock that a move starts needs to know what stops it"))
        return self


class AuthorityBand(Band):
    """Up to which amount a post decides."""

    post: Key


class Authority(Entry):
    """Who decides by amount: the larger (or smaller, or the sum) of some fields falls into one band.

    ``previous_field`` leads to the form before this one; of each amount the largest of all forms counts.
    """

    label: Text
    register_: Annotated[Key, Field(alias="register")]
    amounts: Names = Field(min_length=1)
    pick: Literal["max", "min", "sum"] = "max"
    previous_field: str = ""
    amount_field: Key
    post_field: Key
    bands: Bands[AuthorityBand]

    @model_validator(mode="after")
    def _covers_all(self) -> Authority:
        if self.bands[0].lower is not None or self.bands[-1].upper is not None:
            raise ValueError(_("the first band needs no lower and the last no upper bound"))
        return self


class Station(Part):
    """One stop of a route: posts that decide alone, all together or any of them, or the post an authority names.

    A station whose conditions do not hold is passed over. With ``unit_field`` the posts are asked as they are held in
    the unit that this field names, or in the nearest above it.
    """

    when: When = Nothing
    unit_field: str = ""
    kind: Literal["one", "all", "any"] = "one"
    posts: Names = ()
    authority: Key | None = None

    @model_validator(mode="after")
    def _somebody_decides(self) -> Station:
        if bool(self.posts) == bool(self.authority):
            raise ValueError(_("a station names either posts or an authority"))
        return self


class Recusal(Part):
    """Who may not decide: whoever made these moves, or is named in these fields."""

    moves: Names = ()
    fields: Names = ()
    clause: Filled
    basis: Basis


class Approval(Entry):
    """A route of decisions; an outcome makes a move of the subject."""

    subject: Text
    register_: Annotated[Key, Field(alias="register")]
    start: Moments = Moments()
    when: When = Nothing
    stations: tuple[Station, ...] = Field(min_length=1)
    outcomes: Mapping[Outcome, Key] = Nothing
    recusal: Recusal | None = None
    own_request: bool = False


class Numbering(Entry):
    """The running number of a register; a pattern with ``{case}`` counts each case by itself.

    One with ``{unit}`` counts each unit by itself: that of the row, or the one that ``unit_field`` names. With ``when``
    it is for rows of which that holds; ``counts_with`` names the number whose count it goes on with. A pattern without
    ``{seq}`` is the number of the case in another guise.
    """

    register_: Annotated[Key, Field(alias="register")]
    field: Key
    unit_field: str = ""
    pattern: Filled
    reset: Literal["never", "day", "month", "year"]
    when: When = Nothing
    counts_with: Key | None = None
    example: Filled


class Slip(Entry):
    """A document that a sweep issues for late clocks of open or of closed cases."""

    label: Text
    register_: Annotated[Key, Field(alias="register")]
    numbering: Key
    trigger: Literal["late_open", "late_closed"]
    clocks: Names = Field(min_length=1)
    within: Span | None = None
    issued_by: Key
    confirm: bool = False
    title: Text
    body: Text


class Copy(Part):
    """One copy 联 of a form and the post that keeps it, in the unit of a field; ``on`` names the steps that send it."""

    number: int
    label: Text
    post: Key
    unit_field: str = ""
    on: Names = ()


class Print(Entry):
    """A printed form: its copies, and the posts that may not print or export it."""

    register_: Annotated[Key, Field(alias="register")]
    title: Text
    copies: tuple[Copy, ...] = ()
    no_print: Names = ()
    no_print_text: Text | None = None


class Prohibition(Entry):
    """Something the policy forbids, and how the program keeps it from happening."""

    rule: Text
    enforcement: Text
