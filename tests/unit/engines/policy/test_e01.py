"""The pack of E01 as data: what it does not use, what its consequences follow, which clauses it means."""

from __future__ import annotations

import copy

import pytest

from app import discover
from app.core.lifecycle import Lifecycle
from app.engines.policy import calc, checking
from app.packs import schema

assert list(discover())


@pytest.fixture(scope="module")
def content():
    return schema.parse((schema.FOLDER / "E01.yaml").read_text(encoding="utf-8"))


def test_it_fits_the_program(content):
    assert checking.misfits(schema.build(content)) == []


def test_fields_that_it_does_not_use_are_left_out(content):
    life = calc.lifecycle_of(schema.build(content), "complaint")
    assert isinstance(life, Lifecycle)
    assert {"market", "claimed_amount", "joint_meeting"} <= life.unused
    assert not life.unused & {name for state in life.states.values() for name in state.editable}


@pytest.mark.parametrize(("name", "said"), [("nothing_of_the_kind", "nothing_of_the_kind"), ("title", "title")])
def test_unknown_and_written_fields_are_no_unused_ones(content, name, said):
    changed = copy.deepcopy(dict(content))
    changed["cases"]["complaint"]["unused"] = [name]
    faults = checking.misfits(schema.build(changed))
    assert [fault.path for fault in faults] == ["cases.complaint.unused"]
    assert said in faults[0].message


@pytest.mark.parametrize(
    ("status", "founded", "holds"),
    [("investigating", None, True), ("decided", True, True), ("decided", False, False), ("accepted", None, False)],
)
def test_what_a_loss_follows(content, status, founded, holds):
    follows = schema.build(content).cases["loss_sheet"].follows
    assert calc.meets(follows, {"status": status, "founded": founded}.get) is holds


def test_every_clause_it_translates_to_is_its_own(content):
    pack = schema.build(content)
    assert set(pack.clauses.values()) <= pack.own_clauses
