"""What a report counts: measures of a period over the rows of registers and their clocks, as a whole and by group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from flask_babel import gettext as _
from pydantic import Field, PlainValidator, StringConstraints, model_validator

from app.core import expressions
from app.packs.types import Key, Names, Nothing, Number, Part, Span, Table, Text, Time, When

Path = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")]
Paths = tuple[Path, ...]
Expression = Annotated[expressions.Formula, PlainValidator(expressions.parse)]

STEPS = ("step", "step_unit", "step_post", "step_owner")
"""What a table may be grouped by beside fields: the clock itself, and the unit, post and person that it runs for."""
COUNTED = ("count", "sum", "average", "largest", "smallest", "duration")
CLOCKED = ("clocks", "on_time")
DERIVED = ("rate", "formula")


class Chosen(Part):
    """Which rows: those whose fields have one of the values of ``when`` and none of ``unless``, within bounds.

    A field is a name, or a path through references such as ``complaint_id.closed_at``. ``none`` is the empty value.
    """

    when: When = Nothing
    unless: When = Nothing
    at_least: Mapping[Path, Number] = Nothing
    at_most: Mapping[Path, Number] = Nothing

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that the choice looks at."""
        return (*self.when, *self.unless, *self.at_least, *self.at_most)


class Age(Part):
    """Rows that are so many days old, both bounds taken in: from the day or instant in ``of`` to the end of the period.

    While the period runs, to today; a day to come is less than nothing.
    """

    of: Path
    at_least: Number | None = None
    at_most: Number | None = None


class Measure(Chosen):
    """One figure of a period.

    ``count`` (of rows, or of the different values of ``field``), ``sum``, ``average``, ``largest``, ``smallest`` of
    ``field``, ``duration`` (average time between two instants): the rows whose ``at`` lies in the period; with
    ``until`` those that stood at its end: begun by ``at``, not ended by ``until``; with ``age`` those of an age, as
    they stand. A ``sum`` may take other fields off, its ``less``. ``clocks``: limits with this ``result``; ``on_time``:
    the part of the limits that were kept, in per cent; a limit belongs to the period in which it is ``counted_at``, and
    with ``now`` those count that have not ended, whatever the period. ``rate``: one measure ``of`` another in per cent;
    ``formula``: an ``expression`` over others. ``line`` names the limit of the pack that a figure is held against.
    """

    key: Key
    label: Text
    kind: Literal[
        "count", "sum", "average", "largest", "smallest", "duration", "clocks", "on_time", "rate", "formula"
    ]
    register_: Annotated[Key | None, Field(alias="register")] = None
    at: Path | None = None
    until: Path | None = None
    field: Path | None = None
    less: Paths = ()
    age: Age | None = None
    since: Path | None = None
    to: Path | None = None
    unit: Literal["days", "hours", "minutes"] | None = None
    clocks: Names = ()
    result: Literal["all", "in_time", "late", "open"] = "all"
    counted_at: Literal["start", "due", "stop", "now"] = "due"
    of: Key | None = None
    among: Key | None = None
    expression: Expression | None = None
    line: Key | None = None

    @model_validator(mode="after")
    def _complete(self) -> Measure:
        needed = {name for name in NEEDED[self.kind] if not getattr(self, name)}
        given = {name for name in ALL if getattr(self, name)}
        strange = given - set(NEEDED[self.kind]) - set(ALLOWED.get(self.kind, ()))
        if needed or strange:
            words = {"kind": self.kind, "needed": ", ".join(NEEDED[self.kind]) or "-"}
            raise ValueError(_("“%(kind)s” is written with: %(needed)s", **words))
        return self

    @property
    def derived(self) -> bool:
        """Whether it is worked out from other measures."""
        return self.kind in DERIVED

    @property
    def clocked(self) -> bool:
        """Whether limits are counted, and not rows."""
        return self.kind in CLOCKED

    @property
    def steps(self) -> tuple[str, ...]:
        """What its table may be grouped by beside the fields of the register."""
        return STEPS if self.clocked else ()

    @property
    def parts(self) -> tuple[str, ...]:
        """The other measures that this one is worked out from."""
        if self.kind == "rate":
            return (self.of or "", self.among or "")
        return tuple(expressions.names_in(self.expression)) if self.expression is not None else ()

    @property
    def reads(self) -> tuple[str, ...]:
        """Every field that the measure looks at."""
        named = (self.at, self.until, self.field, *self.less, self.age.of if self.age else None, self.since, self.to)
        return (*self.fields, *(name for name in named if name))


NEEDED: Mapping[str, tuple[str, ...]] = {
    "count": (),
    **dict.fromkeys(("sum", "average", "largest", "smallest"), ("field",)),
    "duration": ("since", "to", "unit"),
    **dict.fromkeys(CLOCKED, ("clocks",)),
    "rate": ("of", "among"),
    "formula": ("expression",),
}
_ROWS = ("register_", "at", "when", "unless", "at_least", "at_most")
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "count": (*_ROWS, "until", "age", "field"),
    "sum": (*_ROWS, "until", "age", "less"),
    **dict.fromkeys(("average", "largest", "smallest"), (*_ROWS, "until", "age")),
    "duration": _ROWS,
    **dict.fromkeys(CLOCKED, tuple(name for name in _ROWS if name != "at")),
}
ALL = (*_ROWS, "until", "age", "field", "less", "since", "to", "unit", "clocks", "of", "among", "expression")


class Grouping(Part):
    """A table of the measures by the values of one to three fields; ``measures`` names some, otherwise all that fit."""

    by: Annotated[Paths, Field(min_length=1, max_length=3)]
    label: Text | None = None
    measures: Names = ()


class Figures(Chosen):
    """What a report counts. ``register``, ``at`` and conditions hold for every measure that says nothing else.

    With ``once_per`` of several rows with one value of this field, such as the versions of a case, the last counts.
    ``columns`` are shown of the rows behind a figure.
    """

    register_: Annotated[Key, Field(alias="register")]
    at: Path | None = None
    once_per: Path | None = None
    measures: Annotated[Table[Measure], Field(min_length=1)]
    groups: tuple[Grouping, ...] = ()
    columns: Paths = ()

    @model_validator(mode="after")
    def _dated(self) -> Figures:
        for key, measure in self.measures.items():
            own = measure.at or (self.at if measure.register_ in (None, self.register_) else None)
            if measure.kind in COUNTED and own is None and measure.age is None:
                raise ValueError(_("“%(key)s” needs the field “at” that puts a row into a period", key=key))
        return self

    @model_validator(mode="after")
    def _worked_out(self) -> Figures:
        """Parts are measures that are counted, so that no figure leads back to itself."""
        for key, measure in self.measures.items():
            for part in measure.parts:
                if part not in self.measures or self.measures[part].kind in DERIVED:
                    raise ValueError(_("“%(key)s” rests on “%(part)s”, which nothing counts", key=key, part=part))
        for grouping in self.groups:
            if unknown := [name for name in grouping.measures if name not in self.measures]:
                raise ValueError(_("there is no measure “%(name)s”", name=unknown[0]))
        return self

    def register_of(self, measure: Measure) -> str:
        """The register whose rows a measure counts."""
        return measure.register_ or self.register_

    def clocks(self) -> Iterator[tuple[str, str]]:
        """Each clock that is counted, with the measure."""
        for key, measure in self.measures.items():
            yield from ((key, name) for name in measure.clocks)


class Keep(Part):
    """When a report is counted and kept by itself: at a time of day after its period ended, and so long after.

    Its row is begun in the unit of the first of ``posts``; it is to be finished ``due`` after the end of the period.
    ``readers`` are the posts of its audience to whom it is sent; without any, the whole audience. So long before the
    period ends, ``remind`` tells the ``reminded`` posts how many lines a list of what is owed still has.
    """

    at: Time = "00:00"
    after: Span | None = None
    due: Span | None = None
    posts: Names = ()
    readers: Names = ()
    remind: Span | None = None
    reminded: Names = ()

    @model_validator(mode="after")
    def _somebody_is_reminded(self) -> Keep:
        if bool(self.remind) != bool(self.reminded):
            raise ValueError(_("a reminder names how long before the end, and whom it tells"))
        return self
