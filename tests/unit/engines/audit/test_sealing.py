"""The chain of seals: what it covers, and that it shows what was done to the past."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import db, session
from app.engines.audit import sweeps
from app.engines.audit.calc import GENESIS
from app.engines.audit.models import AuditEntry, AuditSeal
from app.engines.audit.verification import day_heads
from tests.small import DATABASES, counted
from tests.unit.engines.audit.trail import DAY, ENTRY, HOUR, NOW, found, sealed, seals, tamper, write

# -- the chain -------------------------------------------------------------------------------------------------------


def test_an_empty_trail_has_nothing_to_seal(app):
    assert sealed() == {"entries": 0, "seals": 0}
    assert found() == []


def test_what_was_committed_is_sealed_once(app):
    write(3)
    assert sealed() == {"entries": 3, "seals": 1}
    assert sealed() == {"entries": 0, "seals": 0}
    write(2)
    assert sealed() == {"entries": 2, "seals": 1}
    assert seals() == [(1, 3, [], False), (4, 5, [], False)]
    one, two = session.scalars(sa.select(AuditSeal).order_by(AuditSeal.id))
    assert (one.previous, two.previous) == (GENESIS, one.digest)
    assert found() == []


def test_large_trails_are_sealed_in_batches(app, monkeypatch):
    monkeypatch.setattr(sweeps, "BATCH", 10)
    write(25)
    assert sealed() == {"entries": 25, "seals": 3}
    assert found() == []


def test_the_cost_follows_what_is_new(app):
    write(30)
    sealed()
    write(1)
    with counted() as few:
        sealed(NOW + HOUR)
    for hour in range(2, 8):
        write(10)
        sealed(NOW + HOUR * hour)
    write(10)
    with counted() as many:
        sealed(NOW + HOUR * 9)
    assert len(few) == len(many)


def test_the_last_seal_of_a_day_is_its_head(app):
    for at in (NOW, NOW + HOUR, NOW + DAY):
        write()
        sealed(at)
    digests = session.scalars(sa.select(AuditSeal.digest).order_by(AuditSeal.id)).all()
    days = [clock.to_local(NOW).date(), clock.to_local(NOW + DAY).date()]
    assert day_heads(days[0]) == list(zip(days, digests[1:], strict=True))
    assert day_heads(days[1]) == [(days[1], digests[2])]


def test_two_sealers_cannot_fork_the_chain(app):
    write()
    sealed()
    (row,) = session.execute(sa.select(AuditSeal.__table__)).mappings()
    with pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.insert(AuditSeal), [{**row, "id": 2, "digest": "other"}])


# -- commits out of order --------------------------------------------------------------------------------------------

# SQLite has one writer at a time, so its ids are committed in order
many_writers = pytest.mark.parametrize("app", DATABASES[1:], indirect=True)


@many_writers
def test_an_entry_committed_late_is_sealed_later_and_is_no_finding(app):
    with db.engine.connect() as slow:
        slow.execute(sa.insert(AuditEntry), [ENTRY, ENTRY])
        write(2)
        assert sealed() == {"entries": 2, "seals": 1}
        assert seals() == [(1, 4, [[1, 2]], False)]
        slow.commit()
    assert found(NOW + HOUR) == []
    assert sealed(NOW + HOUR) == {"entries": 2, "seals": 1}
    assert seals()[1] == (1, 2, [], True)
    assert found(NOW + HOUR) == []
    write(1)
    assert sealed(NOW + 2 * HOUR) == {"entries": 1, "seals": 1}
    assert found(NOW + 2 * DAY) == []


@many_writers
def test_an_uncommitted_entry_is_never_sealed(app):
    with db.engine.connect() as slow:
        slow.execute(sa.insert(AuditEntry), [ENTRY])
        assert sealed() == {"entries": 0, "seals": 0}
        slow.rollback()
    write(1)
    assert sealed() == {"entries": 1, "seals": 1}
    assert seals() == [(1, 2, [[1, 1]], False)]
    assert found(NOW + 2 * DAY) == []


def holes(*missing: int, last: int = 10) -> None:
    """A sealed trail in which some ids never came; each was taken by a transaction that was rolled back."""
    rows = [ENTRY | {"id": n} for n in range(1, last + 1) if n not in missing]
    session.execute(sa.insert(AuditEntry), rows)
    session.commit()
    sealed()


def fill(*ids: int) -> None:
    session.execute(sa.insert(AuditEntry), [ENTRY | {"id": n} for n in ids])
    session.commit()


def test_several_gaps_fill_one_after_the_other(app):
    holes(1, 4, 5, 6, 9)
    assert seals() == [(1, 10, [[1, 1], [4, 6], [9, 9]], False)]
    fill(5)
    assert sealed(NOW + HOUR) == {"entries": 1, "seals": 1}
    fill(4, 6, 9)
    assert sealed(NOW + 2 * HOUR) == {"entries": 3, "seals": 3}
    assert [row[:2] for row in seals()[1:]] == [(5, 5), (4, 4), (6, 6), (9, 9)]
    assert found(NOW + 2 * DAY) == []


def test_an_entry_that_fills_a_gap_after_a_day_was_slipped_in(app):
    holes(4)
    fill(4)
    assert sealed(NOW + 2 * DAY) == {"entries": 0, "seals": 0}
    assert found(NOW + 2 * DAY) == [("inserted", ((4, 4),))]


# -- tampering -------------------------------------------------------------------------------------------------------

CHANGES = {
    "value": "UPDATE audit_entry SET changes = '{}', register = 'org_unit' WHERE id = 2",
    "who": "UPDATE audit_entry SET act = 'x' WHERE id = 3",
    "when": "UPDATE audit_entry SET at = '2020-01-01 00:00:00.000000' WHERE id = 1",
    "clause": "UPDATE audit_entry SET clause = '一' WHERE id = 2",
}


@pytest.mark.parametrize("line", CHANGES.values(), ids=CHANGES)
def test_a_changed_entry_shows(app, line):
    write(3)
    sealed()
    write(2)
    sealed()
    tamper(line)
    assert found() == [("changed", ((1, 3),))]


def test_a_removed_entry_shows(app):
    write(5)
    sealed()
    tamper("DELETE FROM audit_entry WHERE id IN (2, 3, 5)")
    assert found() == [("missing", ((2, 3), (5, 5)))]


def test_a_removed_seal_breaks_the_chain(app):
    for _turn in range(3):
        write()
        sealed()
    tamper("DELETE FROM audit_seal WHERE id = 2")
    assert ("chain", ()) in found()


@pytest.mark.parametrize("change", ["at = '2020-01-01 00:00:00.000000'", "digest = 'x'", "entries = 9", "first_id = 0"])
def test_a_changed_seal_shows(app, change):
    write(2)
    sealed()
    tamper(f"UPDATE audit_seal SET {change}")
    assert found() != []


def test_entries_beyond_a_stretch_that_a_seal_hides_show(app):
    """A seal that was made to look as if an entry had never been: its own hash no longer fits."""
    write(3)
    sealed()
    tamper("DELETE FROM audit_entry WHERE id = 2", "UPDATE audit_seal SET absent = '[[2, 2]]', entries = 2")
    assert found() == [("changed", ((1, 3),))]


def test_a_chain_cut_short_shows_by_a_head_noted_down(app):
    write(2)
    sealed()
    write(2)
    sealed()
    (_day, head) = day_heads(dt.date(2025, 1, 1))[-1]
    assert found(NOW, (head,)) == []
    tamper("DELETE FROM audit_seal WHERE id = 2", "DELETE FROM audit_entry WHERE id > 2")
    assert found() == []
    assert found(NOW, (head,)) == [("head", ())]
