"""What is known of a country's days: our own description, and holidays with make-up workdays from ``holidays``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from app.engines.calendar.calc import DayRow, Name

FOLDER = Path(__file__).parent / "sources"


@dataclass(frozen=True)
class Source:
    """The description of a calendar that is shipped: ``sources/<code>.yaml``."""

    country: str
    zone: str
    zh: str
    en: str
    office_hours: str
    weekend: list[str]
    first_year: int
    years_ahead: int
    makeup: Name
    names: dict[str, str]
    fixed: dict[str, dict[str, str]]


@dataclass(frozen=True)
class KnownYear:
    """The named days of a year; ``announced`` when its make-up workdays are among them."""

    year: int
    announced: bool
    days: tuple[DayRow, ...]


def read_source(code: str) -> Source:
    """The shipped description of a calendar; raises ``FileNotFoundError`` when there is none."""
    raw: dict[str, Any] = yaml.safe_load((FOLDER / f"{code}.yaml").read_text("utf-8"))
    return Source(**raw | {"makeup": Name(**raw["makeup"])})


def known_years(source: Source, years: Iterable[int]) -> list[KnownYear]:
    """The days of each year as the ``holidays`` package knows them."""
    import holidays  # a large package, wanted when a calendar is seeded and never in a request

    if not (wanted := sorted(years)):
        return []
    # the year after a wanted one may turn a day of its December into a workday
    around = range(wanted[0] - 1, wanted[-1] + 2)
    zh, en = (
        holidays.country_holidays(source.country, years=around, language=language) for language in ("zh_CN", "en_US")
    )
    rest = {date: DayRow(date, False, Name(name, en[date])) for date, name in zh.items()}
    made_up = {date: DayRow(date, True, source.makeup) for date in zh.weekend_workdays}
    return [_known_year(year, rest | made_up, made_up) for year in wanted]


def _known_year(year: int, days: Mapping[dt.date, DayRow], made_up: Iterable[dt.date]) -> KnownYear:
    announced = any(date.year == year for date in made_up)
    named = (replace(days[date], provisional=not announced) for date in sorted(days) if date.year == year)
    return KnownYear(year, announced, tuple(named))
