"""What a report lists: rows of a register, and what its clocks say of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from app.packs.figures import Chosen, Path, Paths
from app.packs.types import Key, Names, Number


class Lacks(Chosen):
    """What each listed row is owed in a period: so many rows of a register.

    ``by`` is the field of that register which names the listed row, or whom it names itself in its field ``of``;
    ``at`` puts such a row into the period. A row with fewer than ``least`` is listed, or with more than ``most``.
    """

    register_: Annotated[Key, Field(alias="register")]
    at: Path
    by: Path
    of: Path = "id"
    least: Number
    most: Number | None = None


class Shows(Chosen):
    """The rows of a register that a report lists, and the columns that it shows of them.

    ``closed``: rows that ended in the month, one line per number, summed up by ``group``. ``running``: rows that have
    not ended, with a column for each of ``clocks``. ``late``: one line per late clock. ``missing``: one line per day
    and unit in which one of ``posts`` is held (``group`` of a row names the unit) without a row; with ``once`` one line
    per unit that has no row up to the end of the period. ``owed``: the rows that stand at the end of the period, begun
    by ``at`` and not ended by ``until``, without what each ``lacks``. ``at`` is the field that puts a row into a month;
    a late clock belongs to the month of its limit. Columns, ``at`` and ``group`` may be paths.
    """

    kind: Literal["closed", "running", "late", "missing", "owed"]
    register_: Annotated[Key, Field(alias="register")]
    columns: Paths = Field(min_length=1)
    at: Path | Literal[""] = ""
    clocks: Names = ()
    group: Path | Literal[""] = ""
    posts: Names = ()
    once: bool = False
    until: Path | Literal[""] = ""
    lacks: Lacks | None = None

    @model_validator(mode="after")
    def _complete(self) -> Shows:
        if (self.kind == "late") == bool(self.at):
            raise ValueError("a month is chosen by the field “at”, or by the limit of late clocks")
        if (self.kind == "missing") != bool(self.posts) or (self.posts and not self.group):
            raise ValueError("missing rows are owed by a post, in the units that “group” names")
        if len({self.kind == "owed", bool(self.lacks), bool(self.until)}) > 1:
            raise ValueError("what is owed names the rows that are lacking, and until when a row stands")
        if (self.kind in ("closed", "missing", "owed") and self.clocks) or (self.kind == "late" and not self.clocks):
            raise ValueError("late clocks are named, closed rows have none")
        if self.once and self.kind != "missing":
            raise ValueError("only what is missing is owed once")
        if self.group and self.kind not in ("closed", "missing"):
            raise ValueError("only closed rows are summed up by a group")
        return self
