from __future__ import annotations

import datetime as dt
import io
import os
from dataclasses import replace

import pytest
from werkzeug.datastructures import FileStorage

from app.core import attachments, clock, fields
from app.core.attachments import Attachment
from app.core.db import session
from app.core.errors import NotFound, Refusal
from app.engines.people.models import OrgUnit

PDF = b"%PDF-1.7\n"
DAY = dt.timedelta(days=1)


def upload(name: str, content: bytes = PDF) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


# -- rows ------------------------------------------------------------------------------------------------------------


def test_a_file_is_kept_under_its_own_name(app, unit):
    (kept,) = attachments.receive("org_unit", unit.id, "papers", [upload("合同.pdf"), upload("")])
    session.commit()
    assert (kept.name, kept.size, kept.media_type) == ("合同.pdf", len(PDF), "application/pdf")
    assert [found.name for found in attachments.of_row("org_unit", unit.id)] == ["合同.pdf"]
    assert attachments.of_row("org_unit", unit.id + 1) == []
    assert kept.name not in str(list(app.config["KEZHI_FILES"].rglob("*")))


def test_a_download_is_never_shown_inline(app, unit):
    (kept,) = attachments.receive("org_unit", unit.id, "papers", [upload("合同 终.pdf")])
    with app.test_request_context():
        answer = attachments.download("org_unit", unit.id, kept.id)
        answer.direct_passthrough = False
        assert answer.get_data() == PDF
        answer.close()
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Type"] == "application/pdf"
        disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith("attachment;")
        assert "filename*=UTF-8''%E5%90%88%E5%90%8C%20%E7%BB%88.pdf" in disposition


def test_an_attachment_of_another_row_is_not_found(app, unit):
    (kept,) = attachments.receive("org_unit", unit.id, "papers", [upload("合同.pdf")])
    for register, row in (("org_unit", unit.id + 1), ("employee", unit.id)):
        with pytest.raises(NotFound):
            attachments.download(register, row, kept.id)


def test_every_bad_file_is_named_and_none_is_kept(app, unit):
    app.config["KEZHI_FILE_LIMIT"] = 20
    bad = [upload("好.pdf"), upload("坏.exe"), upload("空.pdf", b""), upload("大.pdf", PDF * 3)]
    with pytest.raises(Refusal) as refused:
        attachments.receive("org_unit", unit.id, "papers", bad)
    assert [problem.field for problem in refused.value.problems] == ["papers"] * 3
    assert [name in str(refused.value) for name in ("坏.exe", "空.pdf", "大.pdf", "好.pdf")] == [True] * 3 + [False]
    assert attachments.of_row("org_unit", unit.id) == []


def test_only_files_of_the_row_are_dropped(app, unit):
    mine, other = (attachments.receive("org_unit", row, "papers", [upload("a.pdf")])[0] for row in (unit.id, 99))
    attachments.drop("org_unit", unit.id, [str(mine.id), str(other.id), "x"])
    session.commit()
    assert session.query(Attachment.id).all() == [(other.id,)]


def test_a_deleted_row_takes_its_files_with_it(app, unit, monkeypatch):
    slot = {**OrgUnit.register.fields, "papers": fields.files("Papers")}
    monkeypatch.setattr(OrgUnit, "register", replace(OrgUnit.register, fields=slot))
    (kept,) = attachments.receive("org_unit", unit.id, "papers", [upload("a.pdf")])
    session.commit()
    key = kept.storage_key
    session.delete(unit)
    session.commit()
    assert session.query(Attachment).count() == 0
    assert swept() == {"settled": 0, "removed": 1}
    with pytest.raises(NotFound):
        attachments.open_file(key)


# -- store -----------------------------------------------------------------------------------------------------------


def stored(app) -> list[str]:
    return sorted(str(file.parent.name) for file in app.config["KEZHI_FILES"].rglob("*") if file.is_file())


def swept() -> dict[str, int]:
    """What the sweep does in two days."""
    with clock.freeze(clock.now() + 2 * DAY):
        return attachments.remove_orphans(clock.now())


def read(key: str) -> bytes:
    with attachments.open_file(key) as file:
        return file.read()


def test_files_of_committed_rows_are_settled_and_of_no_row_removed(app, unit):
    (kept,) = attachments.receive("org_unit", unit.id, "papers", [upload("a.pdf")])
    session.commit()
    key = kept.storage_key
    attachments.receive("org_unit", unit.id, "papers", [upload("b.pdf")])
    session.rollback()
    assert attachments.remove_orphans(clock.now()) == {"settled": 0, "removed": 0}
    assert stored(app) == ["pending", "pending"]
    assert swept() == {"settled": 1, "removed": 1}
    assert stored(app) == [key[:2]]
    assert read(key) == PDF


def test_a_settled_file_survives_a_removal_that_is_rolled_back(app, unit):
    (kept,) = attachments.receive("org_unit", unit.id, "papers", [upload("a.pdf")])
    session.commit()
    key = kept.storage_key
    swept()
    attachments.drop("org_unit", unit.id, [kept.id])
    session.rollback()
    assert read(key) == PDF
    assert attachments.remove_orphans(clock.now()) == {"settled": 0, "removed": 0}
    assert swept() == {"settled": 1, "removed": 0}
    assert read(key) == PDF


def test_an_old_file_dropped_now_outlives_the_transaction(app, unit):
    (kept,) = attachments.receive("org_unit", unit.id, "papers", [upload("a.pdf")])
    session.commit()
    swept()
    os.utime(attachments._settled(kept.storage_key), (0, 0))
    attachments.drop("org_unit", unit.id, [kept.id])
    session.commit()
    assert attachments.remove_orphans(clock.now()) == {"settled": 0, "removed": 0}
    assert swept() == {"settled": 0, "removed": 1}


def test_a_broken_off_upload_is_removed(app, unit):
    class Broken(io.BytesIO):
        def read(self, size: int = -1) -> bytes:
            if size == attachments.CHUNK:
                raise ConnectionError
            return super().read(size)

    with pytest.raises(ConnectionError):
        attachments.receive("org_unit", unit.id, "papers", [FileStorage(Broken(PDF), filename="a.pdf")])
    assert swept() == {"settled": 0, "removed": 1}


def test_a_rehearsal_for_a_later_day_leaves_open_uploads_alone(app, unit):
    attachments.receive("org_unit", unit.id, "papers", [upload("a.pdf")])
    session.rollback()
    assert attachments.remove_orphans(clock.now() + 2 * DAY) == {"settled": 0, "removed": 0}
