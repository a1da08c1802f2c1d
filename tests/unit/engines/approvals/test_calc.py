"""Stations, progress and the ladder of authority, without a database."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.approvals import calc
from app.engines.approvals.calc import ADDED, ALL, ANY, APPROVED, ONE, OPEN, REJECTED, WAITING, Row, Station

NOON = dt.datetime(2025, 10, 24, 4, 0, tzinfo=dt.UTC)
MIRROR = {APPROVED: REJECTED, REJECTED: APPROVED, OPEN: OPEN}


def rows(*stations: tuple[str, str]) -> list[Row]:
    """Rows out of (kind, statuses) pairs, one letter per row: w, o, a, r."""
    words = {"w": WAITING, "o": OPEN, "a": APPROVED, "r": REJECTED}
    found: list[Row] = []
    for position, (kind, letters) in enumerate(stations, start=1):
        found += [Row(len(found) + i, position, kind, words[letter]) for i, letter in enumerate(letters, start=1)]
    return found


def test_seats_share_the_position_of_their_station() -> None:
    route = [Station(ONE, ("B02.case_control",)), Station(ALL, ("B02.qc", "B02.rd"), unit_id=7)]
    assert [(s.position, s.kind, s.post, s.unit_id) for s in calc.seats(route)] == [
        (1, "one", "B02.case_control", None),
        (2, "all", "B02.qc", 7),
        (2, "all", "B02.rd", 7),
    ]


@pytest.mark.parametrize(
    ("stations", "result", "opens", "skips"),
    [
        ([(ONE, "w")], OPEN, (1,), ()),
        ([(ONE, "o")], OPEN, (), ()),
        ([(ONE, "a")], APPROVED, (), ()),
        ([(ONE, "r"), (ONE, "w")], REJECTED, (), (2,)),
        ([(ONE, "a"), (ONE, "w"), (ONE, "w")], OPEN, (2,), ()),
        ([(ALL, "ao")], OPEN, (), ()),
        ([(ALL, "aa")], APPROVED, (), ()),
        ([(ALL, "aro"), (ONE, "w")], REJECTED, (), (3, 4)),
        ([(ANY, "oo")], OPEN, (), ()),
        ([(ANY, "ro")], OPEN, (), ()),
        ([(ANY, "rr"), (ONE, "w")], REJECTED, (), (3,)),
        ([(ANY, "aoo")], APPROVED, (), (2, 3)),
        ([(ANY, "ao"), (ONE, "w")], OPEN, (3,), (2,)),
        ([(ADDED, "r"), (ONE, "w")], OPEN, (2,), ()),
        ([(ONE, "a"), (ADDED, "a")], APPROVED, (), ()),
    ],
)
def test_progress(stations: list[tuple[str, str]], result: str, opens: tuple[int, ...], skips: tuple[int, ...]) -> None:
    found = calc.progress(rows(*stations))
    assert (found.result, found.opens, found.skips) == (result, opens, skips)


def test_an_objection_after_the_decision_goes_back_to_who_asked() -> None:
    objected = calc.progress(rows((ONE, "a"), (ADDED, "r")))
    assert (objected.result, objected.objection) == (OPEN, 2)
    answered = calc.progress(rows((ONE, "a"), (ADDED, "r"), (ONE, "a")))
    assert (answered.result, answered.objection) == (APPROVED, None)


def test_history_and_copies_do_not_count() -> None:
    found = [
        Row(1, 1, ONE, "transferred"),
        Row(2, 1, ONE, APPROVED),
        Row(3, 1, calc.COPY, OPEN),
        Row(4, 2, ONE, "returned"),
        Row(5, 3, ONE, "recused"),
        Row(6, 3, ONE, "timed_out"),
    ]
    assert calc.progress(found).result == APPROVED


@given(st.lists(st.sampled_from([OPEN, APPROVED, REJECTED]), min_size=1, max_size=6))
def test_any_of_is_the_mirror_of_all_of(statuses: list[str]) -> None:
    every = [Row(i, 1, ALL, status) for i, status in enumerate(statuses)]
    either = [Row(i, 1, ANY, MIRROR[status]) for i, status in enumerate(statuses)]
    assert calc.station_result(every) == MIRROR[calc.station_result(either)]


routes = st.lists(st.tuples(st.sampled_from([ONE, ALL, ANY, ADDED]), st.integers(1, 3)), min_size=1, max_size=5)


@given(routes, st.data())
def test_every_route_ends_and_skips_only_what_nobody_decided(route: list[tuple[str, int]], data: st.DataObject) -> None:
    state = {row.id: row for row in rows(*((kind, "w" * count) for kind, count in route))}
    for _ in range(len(state) + 1):
        step = calc.progress(state.values())
        for row_id in (*step.opens, *step.skips):
            assert state[row_id].status in calc.PENDING
        _set(state, step.opens, OPEN)
        _set(state, step.skips, "skipped")
        waiting_for = [row.id for row in state.values() if row.status == OPEN]
        if step.result != OPEN or not waiting_for:
            break
        _set(state, [data.draw(st.sampled_from(waiting_for))], data.draw(st.sampled_from([APPROVED, REJECTED])))
    last = calc.progress(state.values())
    assert last.result != OPEN or last.objection
    assert not last.opens
    assert not any(row.status in calc.PENDING for row in state.values())


def _set(state: dict[int, Row], ids: object, status: str) -> None:
    for row_id in ids:  # type: ignore[attr-defined]
        state[row_id] = Row(row_id, state[row_id].position, state[row_id].kind, status)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [("manager", "deputy_gm", True), ("manager", "manager", False), ("gm", "manager", False)],
)
def test_only_a_higher_post_is_a_rise(before: str, now: str, expected: bool) -> None:
    assert calc.rises(["manager", "deputy_gm", "gm"], before, now) is expected


def test_urging_waits_an_hour() -> None:
    assert calc.may_urge(None, NOON)
    assert not calc.may_urge(NOON - dt.timedelta(minutes=59, seconds=59), NOON)
    assert calc.may_urge(NOON - dt.timedelta(hours=1), NOON)
