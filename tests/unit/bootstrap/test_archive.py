import json
import shutil
import zipfile

import pytest
from sqlalchemy import text

from app.bootstrap import archive, database, dumps
from app.bootstrap.console import SetupError


@pytest.fixture
def zipped(filled, tmp_path):
    file = tmp_path / "kezhi.zip"
    archive.backup(filled, file)
    return file


def notes(here):
    with database.engine_of(here).connect() as connection:
        return list(connection.scalars(text("SELECT text FROM note")))


def rewrite(file, change):
    """Copy a zip with `change(name, data)` applied to each part."""
    with zipfile.ZipFile(file) as source:
        parts = {name: change(name, source.read(name)) for name in source.namelist()}
    with zipfile.ZipFile(file, "w") as target:
        for name, data in parts.items():
            target.writestr(name, data)


def test_a_backup_names_its_parts_and_is_private(zipped, filled):
    with zipfile.ZipFile(zipped) as made:
        manifest = json.loads(made.read("manifest.json"))
    assert manifest["head"] == "0001"
    assert set(manifest["parts"]) == {
        "database.sqlite", "files/图.png", "keys/secret_key", "keys/data.json", "keys/index_key", "demo.txt",
    }  # fmt: skip
    assert zipped.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in zipped.parent.iterdir() if p.name.startswith(".")] == []


def test_a_backup_takes_what_is_committed_while_others_write(filled, tmp_path):
    with database.engine_of(filled).begin() as writing:
        writing.execute(text("INSERT INTO note VALUES ('未提交')"))
        archive.backup(filled, tmp_path / "kezhi.zip")


def test_restore_brings_everything_back_with_private_keys(zipped, filled, elsewhere):
    archive.restore(elsewhere, zipped)
    assert notes(elsewhere) == ["收到"]
    assert (elsewhere.files / "图.png").read_bytes() == b"picture"
    for name in ("secret_key", "data.json", "index_key"):
        assert (elsewhere.keys / name).read_bytes() == (filled.keys / name).read_bytes()
        assert (elsewhere.keys / name).stat().st_mode & 0o777 == 0o600
    assert [p.name for p in elsewhere.instance.iterdir() if p.name.startswith(".")] == []


def test_restore_refuses_an_instance_with_data_unless_forced(zipped, filled):
    with database.engine_of(filled).begin() as connection:
        connection.execute(text("INSERT INTO note VALUES ('备份之后')"))
    with pytest.raises(SetupError, match="--force"):
        archive.restore(filled, zipped)
    archive.restore(filled, zipped, force=True)
    assert notes(filled) == ["收到"]
    (aside,) = (filled.instance / "backups").iterdir()
    assert {"kezhi.db", "files", "keys"} <= {p.name for p in aside.iterdir()}


@pytest.mark.parametrize("part", ["database.sqlite", "keys/data.json", "files/图.png"])
def test_a_changed_part_is_found_before_anything_is_touched(zipped, elsewhere, part):
    rewrite(zipped, lambda name, data: data[:-1] + b"?" if name == part else data)
    with pytest.raises(SetupError, match="SHA-256"):
        archive.restore(elsewhere, zipped)
    assert list(elsewhere.instance.iterdir()) == []


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside"])
def test_a_part_outside_the_instance_is_refused(zipped, elsewhere, name):
    def add(part, data):
        if part != "manifest.json":
            return data
        manifest = json.loads(data)
        return json.dumps(manifest | {"parts": manifest["parts"] | {name: "0"}})

    rewrite(zipped, add)
    with pytest.raises(SetupError, match="no sound backup"):
        archive.restore(elsewhere, zipped)


def test_a_backup_of_a_newer_program_is_refused(zipped, elsewhere, migrations, newer, filled, portal):
    rewrite(zipped, lambda name, data: data.replace(b'"0001"', b'"0009"') if name == "manifest.json" else data)
    with pytest.raises(SetupError, match="newer version"):
        archive.restore(elsewhere, zipped)


def test_a_backup_of_an_older_program_is_welcome(zipped, elsewhere, newer):
    newer()
    assert archive.restore(elsewhere, zipped).head == "0001"


@pytest.mark.parametrize("content", [b"", b"no zip at all"])
def test_another_file_is_no_backup(tmp_path, elsewhere, migrations, content):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(SetupError, match="no sound backup"):
        archive.restore(elsewhere, tmp_path / "file")


def test_a_missing_file_is_no_backup(tmp_path, elsewhere):
    with pytest.raises(SetupError, match="there is no file"):
        archive.restore(elsewhere, tmp_path / "file")


def test_a_backup_does_not_overwrite_and_needs_a_database(zipped, filled, elsewhere, tmp_path):
    with pytest.raises(SetupError, match="exists already"):
        archive.backup(filled, zipped)
    with pytest.raises(SetupError, match="no database"):
        archive.backup(elsewhere, tmp_path / "other.zip")


def test_a_missing_tool_is_named(filled, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    away = dumps.Settings(filled.instance, "postgresql+psycopg://u@127.0.0.1/kezhi", "127.0.0.1", 1, "http://x")
    with pytest.raises(SetupError, match="pg_dump is needed"):
        dumps.dump(away, tmp_path / "dump")
    assert shutil.which("pg_dump") is None
