"""The yearly notice as people paste it: the official text, or lines of date, kind and name."""

from __future__ import annotations

import datetime as dt

import pytest

from app.core.errors import Refusal
from app.engines.calendar.calc import Name
from app.engines.calendar.notice import read_notice

D = dt.date
NAMES = {"国庆节": Name("国庆节", "National Day"), "中秋节": Name("中秋节", "Mid-Autumn Festival")}
MAKEUP = Name("调休上班", "Make-up workday")
OFFICIAL = """各省、自治区、直辖市人民政府：
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。鼓励错峰出行。
"""


def read(text, year=2025):
    return read_notice(text, year, NAMES, MAKEUP)


def test_the_official_text_is_understood():
    days = {row.date: row for row in read(OFFICIAL)}
    assert [date for date, row in days.items() if row.working] == [
        D(2025, 1, 26), D(2025, 2, 8), D(2025, 9, 28), D(2025, 10, 11),
    ]  # fmt: skip
    rest = [date for date, row in days.items() if not row.working]
    assert len(rest) == 1 + 8 + 8
    assert days[D(2025, 10, 8)].name == Name("国庆节、中秋节", "National Day / Mid-Autumn Festival")
    assert days[D(2025, 2, 1)].name == Name("春节", "春节")
    assert days[D(2025, 1, 26)].name == MAKEUP


def test_a_holiday_may_begin_in_the_year_before():
    days = read("一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。", 2023)
    assert [row.date for row in days] == [D(2022, 12, 31), D(2023, 1, 1), D(2023, 1, 2)]


@pytest.mark.parametrize(
    ("line", "dates", "working", "name"),
    [
        ("2026-10-01, holiday, 国庆节, National Day", 1, False, Name("国庆节", "National Day")),
        ("2026-10-01..2026-10-07，放假，国庆节", 7, False, Name("国庆节", "National Day")),
        ("2026-10-10 上班", 1, True, MAKEUP),
        ("2026-10-10;补班;赶货", 1, True, Name("赶货", "赶货")),
        ("2026-10-01\trest\t厂庆\tFounding day", 1, False, Name("厂庆", "Founding day")),
    ],
)
def test_lines_of_date_kind_and_name(line, dates, working, name):
    days = read(line, 2026)
    assert (len(days), {row.working for row in days}, {row.name for row in days}) == (dates, {working}, {name})


def test_every_line_that_cannot_be_read_is_named():
    text = "2026-13-01, holiday, x\n\n2026-10-01, sometimes, x\n2026-10-01, off\n10月1日放假\n假：10月9日至1日放假。"
    with pytest.raises(Refusal) as refused:
        read(text, 2026)
    assert [str(problem.message).split(":")[0] for problem in refused.value.problems] == [
        "Line 1", "Line 3", "Line 4", "Line 5", "Line 6",
    ]  # fmt: skip
    assert {(problem.field, problem.rule) for problem in refused.value.problems} == {("notice", "line")}


def test_words_without_dates_are_passed_over():
    assert read("各位同事：\n祝大家节日快乐。\n") == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("一、元旦：1月1日（周四）放假1天。", "2025-01-01 is not 周四"),
        ("六、国庆节：10月1日（周三）至8日（周四）放假调休。", "2025-10-08 is not 周四"),
        ("二、春节：1月28日至2月4日放假调休。1月26日（星期六）上班。", "2025-01-26 is not 星期六"),
    ],
)
def test_a_weekday_that_is_not_the_date_s_own_names_the_mistyped_line(line, said):
    with pytest.raises(Refusal) as refused:
        read(line, 2025)
    assert said in str(refused.value.problems[0].message)
    assert str(refused.value.problems[0].message).startswith("Line 1")


def test_sunday_has_two_names():
    assert [row.working for row in read("二、春节：1月26日（星期天）、9月28日（周日）上班。")] == [True, True]
