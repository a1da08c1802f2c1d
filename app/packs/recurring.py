"""Work that returns, and the statistics and lists that a policy asks for."""

from __future__ import annotations

from typing import Literal

from flask_babel import gettext as _
from pydantic import Field, model_validator

from app.packs.figures import Figures, Keep
from app.packs.listings import Shows
from app.packs.types import Entry, Key, Names, Span, Text

Period = Literal["day", "week", "ten_days", "month", "quarter", "half_year", "half_year_june", "year"]


class Task(Entry):
    """Work that returns every period and is due at a fixed time after its end.

    It is kept as a row of statistics, or as rows of the case register that it ``opens``.
    """

    label: Text
    period: Period
    due: Span
    posts: Names = Field(min_length=1)
    report: Key | None = None
    opens: Key | None = None
    what: Text


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
