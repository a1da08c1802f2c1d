"""Due instants per second, with and without explanation, beside what a bare bisect on the same days costs.

Run: python benchmarks/due.py
"""

import datetime as dt
import sys
import time
from bisect import bisect_right
from decimal import Decimal

import figures

from app.engines.calendar.calc import WorkCalendar
from app.engines.calendar.source import known_years, read_source
from app.engines.deadlines.calc import Allowance, Unit, due, due_at

SECONDS, ROUNDS = 0.05, 20  # short rounds, of which the best counts: a busy machine leaves some of them alone
PLAIN, EXPLAINED = 100_000, 5_000
CASES = [
    ("13 working days", Allowance(Decimal(13), Unit.WORKING_DAYS)),
    ("13 calendar days", Allowance(Decimal(13), Unit.CALENDAR_DAYS)),
    ("4 working hours", Allowance(Decimal(4), Unit.WORKING_HOURS)),
    ("24 hours", Allowance(Decimal(24), Unit.HOURS)),
    ("10th of next month", Allowance(Decimal(10), Unit.DAY_OF_NEXT_MONTH)),
]


def china():
    source = read_source("CN")
    years = known_years(source, range(2018, 2029))
    return WorkCalendar.read(
        (row for year in years for row in year.days),
        {year.year: year.announced for year in years},
        hours=source.office_hours,
        zone=source.zone,
        weekend=source.weekend,
        fixed=source.fixed,
    )


def per_second(work, starts):
    """The best of some rounds: calls of ``work(start)`` per second."""
    return max(_round(work, starts) for _ in range(ROUNDS))


def _round(work, starts):
    began, done = time.perf_counter(), 0
    while time.perf_counter() - began < SECONDS:
        for start in starts:
            work(start)
        done += len(starts)
    return done / (time.perf_counter() - began)


def floor(calendar):
    """One bisect over all working days of the known years, from a day's number to a day's number."""
    first, last = dt.date(2018, 1, 1), dt.date(2028, 12, 31)
    worked = [day.date.toordinal() for day in calendar.days(first, last) if day.working]
    return lambda ordinal: worked[bisect_right(worked, ordinal) + 12]


def main():
    calendar = china()
    starts = [dt.datetime(2025, 1, 6, 6, 30, tzinfo=dt.UTC) + dt.timedelta(hours=13 * n) for n in range(1000)]
    bare = per_second(floor(calendar), [start.toordinal() for start in starts])
    for heading, work, least in (("due instants", due_at, PLAIN), ("with explanation", due, EXPLAINED)):
        figures.title(f"{heading} a second, one process; floor: a bare bisect over all working days")
        for label, allowance in CASES:
            found = per_second(lambda start, a=allowance, work=work: work(start, a, calendar), starts)
            figures.line(label, found, "/s", floor=bare, limit=least, least=True)
    return figures.done()


if __name__ == "__main__":
    sys.exit(main())
