"""A pack as tables: nothing is left out, every row has its clause, what is assumed is numbered."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import Babel

from app.core import moves
from app.engines.policy import versions
from app.engines.policy.coverage import coverages
from app.engines.policy.reading.paths import in_words
from app.engines.policy.reading.tables import lines
from app.engines.policy.reading.whole import read
from app.packs import schema
from app.screens.policy_names import NAMED
from app.screens.policy_words import WORK
from tests.portal import portal
from tests.unit.engines.policy.trial import content, spoiled

__all__ = ["portal"]
SECTIONS = (
    "parameters", "posts", "clocks", "authority", "approvals", "numbering", "slips", "prints", "tasks", "reports",
    "prohibitions", "conduct", "tiers", "limits", "calculations", "texts",
)  # fmt: skip


@pytest.fixture(params=[file.stem for file in versions.pack_files()])
def pack(request, portal):
    """Each shipped pack, in a program that knows its registers, read in English."""
    file = next(file for file in versions.pack_files() if file.stem == request.param)
    with portal.test_request_context("/?_l_=en"):
        yield schema.build(schema.parse(file.read_text(encoding="utf-8")))


def test_nothing_of_a_pack_is_left_out(pack):
    places = {row.path for section in read(pack, str).sections for row in section.rows}
    tables = {table.path for section in read(pack, str).sections for table in section.tables}
    for section in SECTIONS:
        for key in getattr(pack, section):
            here = f"{section}.{key}"
            assert here in tables or any(place == here or place.startswith(f"{here}.") for place in places), here
    for slug, case in pack.cases.items():
        for part in ("states", "moves", "rules", "opinions"):
            assert {f"cases.{slug}.{part}.{key}" for key in getattr(case, part)} <= places
    for key, spec in pack.clocks.items():
        assert sum(f"{place}.".startswith(f"clocks.{key}.") for place in places) == len(spec.allowances)


def test_every_row_has_a_clause_and_its_own_place(pack):
    rows = [row for section in read(pack, str).sections for row in section.rows]
    assert len({row.path for row in rows}) == len(rows)
    assert [row.path for row in rows if not row.clause and not row.path.startswith("texts.")] == []
    assert all(len(row.cells) == len(table.columns) for s in read(pack, str).sections for table in s.tables
               for row in table.rows)


def test_assumptions_are_numbered_and_say_how_they_are_read(pack):
    found = read(pack, str)
    assert [one.number for one in found.assumptions] == list(range(1, found.assumed + 1))
    assert all(one.reading for one in found.assumptions)
    assert found.stated + found.assumed + len(pack.texts) == sum(1 for s in found.sections for _row in s.rows)


def test_words_are_found_for_everything_that_packs_name(pack):
    known = {name for names in moves.known_names() for name in names}
    steps = [move for case in pack.cases.values() for move in case.moves.values()]
    named = {name for move in steps for name in (*move.guards, *move.effects)}
    figures = {name for tier in pack.tiers.values() for band in tier.bands or () for name in band.figures}
    assert named <= known
    assert sorted((named | figures) - set(NAMED)) == []


def test_every_piece_of_work_has_a_name():
    assert {item.issue for coverage in coverages().values() for item in coverage.items} <= set(WORK)


def test_a_value_that_rests_on_a_setting_says_so(portal):
    with portal.test_request_context("/?_l_=en"):
        found = read(schema.build(content()), str)
    rows = {row.path: row for section in found.sections for row in section.rows}
    first, second = rows["clocks.whole"], rows["clocks.whole.1"]
    assert (first.basis, found.refs(first)) == ("stated", [found.names["parameters.day_unit"]])
    assert lines(second.cells[2]) == ["3 working days"]
    assert found.refs(second) == [found.names[f"{place}"] for place in (
        "clocks.whole.1", "parameters.day_unit", "parameters.days",
    )]  # fmt: skip
    assert lines(rows["authority.decision.bands.1"].cells[1]) == ["> 1,000.00"]


def test_a_place_in_words():
    reader = Flask("reader")
    Babel(reader, default_locale="zh")
    with reader.app_context():
        assert in_words(content(), "clocks.whole.allowances.1.number") == "Time limits · 全案 · allowance · 2 · number"
        assert in_words(content(), "cases.complaint.moves.send.to") == "Cases · 案件 · steps · 送 · to"
        assert in_words(content(), "nowhere.at.all") == "nowhere · at · all"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("posts__clerk__role", None, "缺少"),
        ("calendar__basis", "odd", "不是下列之一"),
        ("version", "first", "应为整数"),
        ("effective", "soon", "应为日期"),
        ("clocks__whole__responsible", "nobody", "没有名为“nobody”的岗位"),
        ("authority__decision__bands__1__above", "500", "重叠"),
    ],
)
def test_faults_are_said_in_the_reader_s_language(portal, path, value, said):
    with portal.test_request_context("/?_l_=zh"), pytest.raises(schema.PackError) as refused:
        schema.build(spoiled(**{path: value}))
    assert said in str(refused.value)
