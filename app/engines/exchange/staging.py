"""Staging: an uploaded file becomes a run, its rows are judged a batch at a time and kept until they are confirmed."""

from __future__ import annotations

import base64
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import chain, islice
from typing import IO, Any

import sqlalchemy as sa
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app.core import actor, clock, filetypes, values
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.register import Register, registers
from app.engines.exchange import files, plan
from app.engines.exchange.judging import Judge, Judged
from app.engines.exchange.models import (
    FAILED,
    READY,
    WAITING,
    ImportFile,
    ImportRow,
    ImportRun,
)
from app.engines.exchange.plan import Plan

BATCH, PIECE, HELD = 1000, 1 << 19, 1 << 25
AT_ONCE = 40_000
"""Files up to this many bytes are read within the request."""
_rows = ImportRow.__table__


def receive(register: Register, upload: FileStorage | None, mode: str, policy: str | None) -> ImportRun:
    """Keep an uploaded file as a run that waits to be read; raises ``Refusal`` for what can never be read."""
    if upload is None or not upload.filename:
        raise Refusal(Problem(_("Choose a file."), "file", "required"))
    if mode not in plan.modes_of(register):
        raise Refusal(Problem(_("“%(value)s” is not one of the choices.", value=mode[:40]), "mode", "choice"))
    name = filetypes.clean_name(upload.filename)
    head = upload.stream.read(8)
    files.check_name(name, head)
    plan.plan_of(register, policy)
    run = ImportRun(
        register=register.slug, file_name=name, size=0, mode=mode, policy=policy, locale=str(get_locale() or "zh")[:2],
        heads=[], columns=[], counts={}, saved={}, problems=[], log=[],
    )  # fmt: skip
    session.add(run)
    session.flush()
    upload.stream.seek(0)
    for number, content in enumerate(iter(lambda: upload.stream.read(PIECE), b"")):
        run.size += len(content)
        session.add(ImportFile(run_id=run.id, piece=number, content=base64.b64encode(content).decode()))
        session.flush()
    note(run, "uploaded")
    session.flush()
    return run


def note(run: ImportRun, event: str, **facts: Any) -> None:
    """One more line in the log of a run."""
    entry = {"at": clock.now().isoformat(timespec="seconds"), "event": event, "account_id": actor.user_id(), **facts}
    run.log = [*(run.log or []), entry]


@contextmanager
def _opened(run: ImportRun) -> Iterator[IO[bytes]]:
    """The file of a run, put together again."""
    query = sa.select(ImportFile.content).where(ImportFile.run_id == run.id).order_by(ImportFile.piece)
    with tempfile.SpooledTemporaryFile(max_size=HELD) as whole:
        for content in session.scalars(query):
            whole.write(base64.b64decode(content))
        whole.seek(0)
        yield whole


def read(run: ImportRun, keep: Callable[[], None] = lambda: None) -> None:
    """Read the file of a run and judge its rows from the beginning; ``keep`` is called after each batch.

    A file that cannot be read leaves its reason with the run. Raises what ``keep`` raises.
    """
    session.execute(sa.delete(_rows).where(_rows.c.run_id == run.id))
    run.counts, run.done, run.total, run.problems = {}, 0, None, []
    try:
        register = plan.register_for(run.register)
        with _opened(run) as file, closing(files.rows(file)) as rows:
            run.total = files.guessed(file)
            _stage(run, plan.plan_of(register, run.policy), rows, keep)
    except Refusal as error:
        _fail(run, error)
        return
    session.execute(sa.delete(ImportFile.__table__).where(ImportFile.__table__.c.run_id == run.id))
    run.state, run.total = READY, run.done
    note(run, "read", rows=run.done, counts=dict(run.counts))
    session.flush()


def _fail(run: ImportRun, error: Refusal) -> None:
    session.execute(sa.delete(_rows).where(_rows.c.run_id == run.id))
    session.execute(sa.delete(ImportFile.__table__).where(ImportFile.__table__.c.run_id == run.id))
    run.state, run.ended_at = FAILED, clock.now()
    run.problems = [problem.as_dict() for problem in error.problems]
    note(run, "failed")
    session.flush()


def _stage(run: ImportRun, chosen: Plan, rows: Iterator[files.Row], keep: Callable[[], None]) -> None:
    rows = _heads(run, chosen, rows)
    judge, counts = Judge(chosen, run.mode), Counter[str]()
    places = [(at, name) for at, name in enumerate(run.columns) if name]
    while batch := list(islice(rows, BATCH)):
        judged = judge.judge((number, texts_at(cells, places)) for number, cells in batch)
        _insert(run, judged, [cells for _number, cells in batch])
        counts.update(row.verdict for row in judged)
        run.counts, run.done = dict(counts), run.done + len(batch)
        session.flush()
        forget(judged)
        keep()
    if not run.done:
        raise Refusal(_("The table has heads but no rows."), rule="file")


def forget(judged: Sequence[Judged]) -> None:
    """Let go of the records that a batch looked at."""
    for row in judged:
        if row.record is not None and row.record in session and not session.is_modified(row.record):
            session.expunge(row.record)


def texts_at(cells: Sequence[str], places: Sequence[tuple[int, str]]) -> dict[str, str]:
    """The filled cells of a row by field."""
    return {name: text for at, name in places if at < len(cells) and (text := cells[at].strip())}


def _heads(run: ImportRun, chosen: Plan, rows: Iterator[files.Row]) -> Iterator[files.Row]:
    """Read the heads, by the hidden keys of a template or by labels; the rows behind them."""
    first = next(rows, None)
    if first is None:
        raise Refusal(_("The table is empty."), rule="file")
    if plan.keyed(chosen, first[1]):
        second = next(rows, None)
        columns = [text.strip() for text in first[1]]
        labels = list(second[1]) if second else columns
        if second and not _are_labels(chosen, columns, labels):
            rows, labels = chain([second], rows), columns
        run.heads = [*labels, *columns[len(labels) :]]
        run.columns = columns
    else:
        run.heads, run.columns = list(first[1]), plan.match(chosen, first[1])
    run.heads = [head.strip()[:200] for head in run.heads]
    return rows


def _are_labels(chosen: Plan, columns: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether the row below the keys holds the labels."""
    for name, text in zip(columns, texts, strict=False):
        spec = chosen.known.get(name)
        if spec and plan.fold(text) == plan.fold(plan.head_of(spec)):
            return True
        if spec and plan.fold(text) in map(plan.fold, _labels(spec)):
            return True
    return False


def _labels(spec: Any) -> Sequence[str]:
    from app.engines.exchange import cells

    return cells.labels_of(spec.label)


def _insert(run: ImportRun, judged: Sequence[Judged], texts: Sequence[Sequence[str]]) -> None:
    changes = _worded(judged)
    session.execute(sa.insert(_rows), [
        {
            "run_id": run.id, "row_no": row.row_no, "verdict": row.verdict,
            "record_id": row.record.id if row.record is not None else None,
            "cells": json.dumps(list(cells), ensure_ascii=False), "changes": changes.get(row.row_no),
            "problems": [problem.as_dict() for problem in row.problems] or None,
        }
        for row, cells in zip(judged, texts, strict=True)
    ])  # fmt: skip


def _worded(judged: Sequence[Judged]) -> dict[int, str]:
    """What rows change, in words, by row number; one statement for the names."""
    changing = [(row, row.changes) for row in judged if row.record is not None and row.whole is not None]
    specs = {row.row_no: row.whole.fields for row, _changes in changing if row.whole}
    names = values.names_of(
        pair for row, changes in changing for name, both in changes.items() for value in both
        for pair in values.wanted_names([specs[row.row_no][name]], lambda _name, value=value: value)
    )  # fmt: skip
    return {
        row.row_no: json.dumps({
            name: [values.text(specs[row.row_no][name], value, names) for value in both]
            for name, both in changes.items()
        }, ensure_ascii=False)
        for row, changes in changing if changes
    }  # fmt: skip


def register_of_run(run: ImportRun) -> Register:
    """The register that a run is for."""
    return registers()[run.register]


def is_small(run: ImportRun) -> bool:
    """Whether a run is read within the request."""
    return run.state == WAITING and run.size <= AT_ONCE
