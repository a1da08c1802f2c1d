"""Sealing by commands, and the arithmetic of stretches."""

from __future__ import annotations

from itertools import pairwise

from click.testing import CliRunner
from flask.cli import ScriptInfo
from hypothesis import given
from hypothesis import strategies as st

from app.engines.audit import cli
from app.engines.audit.calc import inside, runs, subtract
from tests.unit.engines.audit.trail import tamper, write

# -- command line ----------------------------------------------------------------------------------------------------


def run(app, *words: str):
    return CliRunner().invoke(cli.commands, list(words), obj=ScriptInfo(create_app=lambda: app))


def test_the_commands_say_what_they_found(app):
    write(3)
    assert "in 1 seals" in run(app, "seal").output
    assert "0 entries in 0 seals" in run(app, "seal").output
    assert run(app, "verify").exit_code == 0
    head = run(app, "heads").output.split()[-1]
    assert run(app, "verify", "--head", head).exit_code == 0
    assert "noted down" in run(app, "verify", "--head", "0" * 64).output
    tamper("DELETE FROM audit_entry WHERE id = 2")
    answer = run(app, "verify")
    assert answer.exit_code == 1
    assert "entries were removed (entries 2)" in answer.output


# -- arithmetic ------------------------------------------------------------------------------------------------------

ids = st.sets(st.integers(1, 60))


@given(ids)
def test_runs_hold_exactly_their_ids(chosen):
    spans = runs(sorted(chosen))
    assert {n for first, last in spans for n in range(first, last + 1)} == chosen
    assert all(inside(n, spans) is (n in chosen) for n in range(62))
    assert all(before[1] + 1 < after[0] for before, after in pairwise(spans))


@given(ids, ids)
def test_subtracting_leaves_what_is_in_one_only(whole, taken):
    assert runs(sorted(whole - taken)) == runs(
        n for first, last in subtract(runs(sorted(whole)), runs(sorted(taken))) for n in range(first, last + 1)
    )
