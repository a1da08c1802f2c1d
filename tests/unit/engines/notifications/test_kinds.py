"""Every event that the program tells of belongs to a kind by which people choose."""

from __future__ import annotations

import re

import pytest

from app import discover
from app.engines.notifications.kinds import KINDS, OTHER, by_event, kind_of, place
from config import ROOT

EVENT = re.compile(r'f"([a-z_]+(?:\.[a-z_]+)?)(\.\{[^}]*\})?:\{')


assert list(discover())  # areas say of which kind their events are


def told(folder: str) -> set[str]:
    """What the names of events in the sources begin with."""
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "app" / folder).rglob("*.py"))
    return {found[1] for text in sources if "notifications" in text for found in EVENT.finditer(text)}


def parts(head: str) -> set[str]:
    return {head, head.partition(".")[0]}


def test_no_event_is_of_no_kind():
    heads = told(".")
    assert len(heads) > 20
    assert sorted(head for head in heads if kind_of(f"{head}:1") == OTHER) == []


def test_the_engine_knows_no_event_of_an_area():
    """An area says itself of which kind what it tells of is."""
    heads, of_areas = told("areas"), set(by_event()) - engines()
    assert len(heads) > 15
    assert sorted(head for head in heads if not parts(head) & of_areas) == []
    assert sorted(head for head in heads if head in engines()) == []


def engines() -> set[str]:
    """The events that stand in the engine itself."""
    return set(re.findall(r'"([a-z_.]+)"', (ROOT / "app/engines/notifications/kinds.py").read_text(encoding="utf-8")))


def test_a_kind_of_an_area_stands_before_the_rest():
    assert list(KINDS)[-1] == OTHER
    assert {"study", "consequence"} <= set(KINDS)


def test_an_event_is_of_one_kind_and_the_kind_is_there():
    place("due", "letter")  # as its area says
    with pytest.raises(ValueError, match="letter"):
        place("late", "letter")
    with pytest.raises(ValueError, match="nobody"):
        place("nothing", "nobody")


def test_an_event_s_whole_name_counts_before_its_first_part():
    kinds = [kind_of(event) for event in ("deadline.warned:1:2", "deadline.late:1:2", "deadline.rung12:1:2", "x.y:1")]
    assert kinds == ["due", "late", "escalation", "other"]
