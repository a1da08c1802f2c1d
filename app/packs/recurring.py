"""Work that returns, and the statistics and lists that a policy asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from flask_babel import gettext as _
from pydantic import Field, model_validator

from app.packs.figures import Figures, Keep
from app.packs.listings import Shows
from app.packs.types import Entry, Key, Names, Nothing, Part, Span, Text, Value

Period = Literal["day", "week", "ten_days", "month", "quarter", "half_year", "half_year_june", "year"]


class Opens(Part):
    """A row that a task begins on the first day of each period, so that its clocks run while there is time to act.

    ``period_field`` takes the name of the period and tells which rows are there already; ``until_field`` the day on
    which the task is due. With ``person_field`` there is one row for each holder of the posts, who is named in it.
    """

    register_: Annotated[Key, Field(alias="register")]
    fills: Mapping[Key, Value] = Nothing
    period_field: Key
    until_field: Key | None = None
    person_field: Key | None = None


class Task(Entry):
    """Work that returns every period and is due at a fixed time after its end.

    With ``opens`` a row is begun on the first day of the period; otherwise, when the period has ended, a statistic is
    opened, or rows of the register named by ``forms``, as its area knows.
    """

    label: Text
    period: Period
    due: Span
    posts: Names = Field(min_length=1)
    report: Key | None = None
    forms: Key | None = None
    what: Text
    opens: Opens | None = None

    @model_validator(mode="after")
    def _one_row(self) -> Task:
        if self.opens and self.report:
            raise ValueError(_("a task opens a row of its own or works on a report"))
        return self


class Report(Entry):
    """A statistic that the policy asks for; what it ``shows`` and counts can be opened at any time by its audience.

    It is kept as it stood when the task that names it opens, or when ``keep`` says.
    """

    label: Text
    period: Period
    due: Text
    audience: Names
    contents: Text
    shows: Shows | None = None
    figures: Figures | None = None
    keep: Keep | None = None

    @model_validator(mode="after")
    def _something_to_keep(self) -> Report:
        if self.keep and not (self.shows or self.figures):
            raise ValueError(_("a report that is kept shows or counts something"))
        return self
