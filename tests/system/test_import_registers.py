"""Every register to which people add: its template is filled, previewed, confirmed, and taken out again."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
import sqlalchemy as sa

from app import discover
from app.core.db import session
from app.core.register import registers
from app.engines.exchange import sheets, xlsx
from app.engines.exchange.models import ImportRow, ImportRun
from app.engines.exchange.xlsx import Sheet
from tests import generated
from tests.demo import addable, demo, founded, some_ids
from tests.portal import enter

__all__ = ["demo", "founded"]

assert list(discover())  # the program declares every register
FEW = {"customer", "customer_person", "contact_log", "complaint", "service_script", "employee", "org_unit", "notice",
       "post_quota", "expense_record"}  # fmt: skip
SLUGS = [
    pytest.param(register.slug, marks=() if register.slug in FEW else pytest.mark.slow) for register in addable()
]


def as_cell(spec, value):
    """A value as somebody writes it into a sheet."""
    if value is None:
        return ""
    if spec.target:
        return "、".join(f"#{key}" for key in (value if isinstance(value, list) else [value]))
    if spec.choices:
        return "、".join(str(spec.choices[key]) for key in (value if isinstance(value, list) else [value]))
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def rows_of(answer):
    assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
    return [cells for _number, cells in sheets.rows(io.BytesIO(answer.data))]


@pytest.mark.parametrize("slug", SLUGS)
def test_template_preview_commit_and_export(demo, slug):
    register, client = registers()[slug], enter(demo, "root")
    keys, heads = rows_of(client.get(f"/imports/{slug}/template?mode=add"))[:2]
    assert len(keys) == len(heads)
    with demo.app_context():
        values = generated.row(register, some_ids())
        fields = {name: spec for one in (register, *_details(register)) for name, spec in one.fields.items()}
        columns = [*keys, *(name for name in values if name not in keys)]
        row = [as_cell(fields[name], values.get(name)) for name in columns]
        before = session.scalar(sa.select(sa.func.max(register.model.id)))
    book = b"".join(xlsx.stream([Sheet("x", columns, [row])]))
    data = {"mode": "add", "file": (io.BytesIO(book), "一.xlsx")}
    sent = client.post(f"/imports/{slug}", data=data, content_type="multipart/form-data")
    assert sent.status_code == 302, sent.get_data(as_text=True)
    run = int(re.search(r"/run/(\d+)", sent.headers["Location"])[1])
    assert client.get(f"/imports/run/{run}").status_code == 200
    kept = client.post(f"/imports/run/{run}/commit")
    assert kept.status_code == 302, kept.get_data(as_text=True)
    with demo.app_context():
        found, staged = session.get(ImportRun, run), session.scalars(sa.select(ImportRow).filter_by(run_id=run)).all()
        assert found.saved == {"new": 1}, (found.state, found.problems, [one.problems for one in staged])
        newest = session.scalar(sa.select(sa.func.max(register.model.id)))
        assert newest != before
    out = client.post(f"/exports/{slug}?order=-id", data={"reason": "核对导入的内容", "format": "csv"})
    lines = out.data.decode("utf-8-sig").splitlines()
    with demo.app_context():
        there = session.scalar(sa.select(sa.func.count()).select_from(register.model))
    assert out.status_code == 200
    assert len(lines) > min(there, 1)


def _details(register):
    return [one for one in registers().values() if one.detail_of == register.slug]


@pytest.mark.parametrize("slug", ["customer", "complaint"])
def test_a_template_says_what_each_column_takes(demo, slug):
    client = enter(demo, "root")
    content = client.get(f"/imports/{slug}/template?mode=add&_l_=en").data
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet, lists = book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/worksheets/sheet3.xml").decode()
        told = book.read("xl/worksheets/sheet2.xml").decode()
        assert '<row hidden="1">' in sheet
        assert 'name="_lists" sheetId="3" state="hidden"' in book.read("xl/workbook.xml").decode()
    assert re.search(r'<dataValidation type="list".*?<formula1>_lists!\$[A-Z]+\$2:\$[A-Z]+\$\d+</formula1>', sheet)
    assert "promptTitle=" in sheet
    if slug == "customer":
        assert all(str(label) in lists for label in registers()["customer"].fields["side"].choices.values())
    assert "2025-10-21" in told
