"""Every event that the program tells of belongs to a kind by which people choose."""

from __future__ import annotations

import re

from app.engines.notifications.kinds import KINDS, OTHER, kind_of
from config import ROOT

EVENT = re.compile(r'f"([a-z_]+(?:\.[a-z_]+)?)(\.\{[^}]*\})?:\{')


def told() -> set[str]:
    """What the names of events in the sources begin with."""
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "app").rglob("*.py"))
    return {found[1] for text in sources if "notifications" in text for found in EVENT.finditer(text)}


def test_no_event_is_of_no_kind():
    heads = told()
    assert len(heads) > 20
    assert sorted(head for head in heads if kind_of(f"{head}:1") == OTHER) == []


def test_an_event_s_whole_name_counts_before_its_first_part():
    kinds = [kind_of(event) for event in ("deadline.warned:1:2", "deadline.late:1:2", "deadline.rung12:1:2", "x.y:1")]
    assert kinds == ["due", "late", "escalation", "other"]


def test_no_beginning_stands_under_two_kinds():
    heads = [head for kind in KINDS.values() for head in kind.events]
    assert len(heads) == len(set(heads))
