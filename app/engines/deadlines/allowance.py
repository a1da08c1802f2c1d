"""How much time a policy gives: a number, what it counts, and how its end is found."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.engines.calendar.calc import Span

LARGEST = 100_000


class Unit(StrEnum):
    """What an allowance counts."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    TRADING_DAYS = "trading_days"
    WORKING_HOURS = "working_hours"
    HOURS = "hours"
    MINUTES = "minutes"
    MONTHS = "months"
    DAY_OF_NEXT_MONTH = "day_of_next_month"


DAYS = frozenset({Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.TRADING_DAYS})
CLOCK = frozenset({Unit.WORKING_HOURS, Unit.HOURS, Unit.MINUTES})
OFFICE = frozenset({Unit.WORKING_DAYS, Unit.TRADING_DAYS, Unit.WORKING_HOURS})


class End(StrEnum):
    """When on its last day an allowance of days or months ends."""

    END_OF_DAY = "end_of_day"
    TO_THE_MINUTE = "to_the_minute"


class Roll(StrEnum):
    """What happens when the last day is a rest day."""

    NONE = "none"
    FORWARD = "forward"


@dataclass(frozen=True, slots=True)
class Allowance:
    """Days, hours or months from a start; a negative number counts back.

    Of days and months, the first day counts only with ``count_first_day``; the last ends at 23:59:59, at the start's
    time of day, or at the time given as ``end``. A part of a working day is counted in office hours, of a calendar day
    in hours. A result in hours or minutes that falls into a ``quiet`` span waits until the span ends.
    Raises ``ValueError`` for settings that contradict each other.
    """

    number: Decimal
    unit: Unit
    count_first_day: bool = False
    end: End | dt.time = End.END_OF_DAY
    roll: Roll = Roll.NONE
    quiet: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        if abs(self.number) > LARGEST:
            raise ValueError(f"an allowance of {self.number} is out of reach")
        if self.unit in (Unit.MONTHS, Unit.DAY_OF_NEXT_MONTH) and self.number % 1:
            raise ValueError(f"{self.unit} takes whole numbers, not {self.number}")
        if self.unit == Unit.DAY_OF_NEXT_MONTH and not 1 <= self.number <= 31:
            raise ValueError(f"no month has a day {self.number}")
        if self.roll != Roll.NONE and self.by_the_clock:
            raise ValueError("only a last day can roll")
        if self.quiet and not self.by_the_clock:
            raise ValueError("quiet hours go with hours and minutes")
        if self.quiet and all(self.quiet_until(end) for _, end in self.quiet):
            raise ValueError("quiet hours leave no time of the day")

    @property
    def by_the_clock(self) -> bool:
        """Whether the end is an instant counted in hours instead of a last day."""
        return self.unit in CLOCK or bool(self.unit in DAYS and self.number % 1)

    @property
    def asks_calendar(self) -> bool:
        """Whether rest days matter to the end."""
        return self.unit in OFFICE or self.roll != Roll.NONE

    def quiet_until(self, time: dt.time) -> dt.time | None:
        """The end of the quiet span that holds ``time``; a span holds its start, not its end, and may pass midnight."""
        for start, end in self.quiet:
            if start <= time < end or (end <= start and (time >= start or time < end)):
                return end
        return None
