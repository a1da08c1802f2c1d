"""Backup and restore: one zip with the database, the attachments, the keys and a manifest of checksums."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from app.bootstrap import database, dumps
from app.bootstrap.console import SetupError
from app.core import clock
from config import ROOT, Settings

MANIFEST = "manifest.json"
DEMO = "demo.txt"


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself; ``parts`` maps names to SHA-256 sums."""

    version: str
    made_at: str
    head: str
    parts: dict[str, str]


def backup(here: Settings, file: Path) -> Manifest:
    """Write a backup that only its owner may read: it holds the keys.

    Raises ``SetupError`` if there is no database yet, or the file exists.
    """
    if file.exists():
        raise SetupError(f"{file} 已存在", f"{file} exists already")
    file.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=file.parent, prefix=".backup-") as scratch:
        dump, draft = Path(scratch) / "dump", Path(scratch) / "zip"
        head = dumps.dump(here, dump)
        with ZipFile(draft, "x", ZIP_DEFLATED) as archive:
            sums = {name: _add(archive, name, path) for name, path in _parts(here, dump)}
            manifest = Manifest(_version(), clock.now().isoformat(), head, sums)
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=2))
        draft.chmod(0o600)
        draft.rename(file)
    return manifest


def restore(here: Settings, file: Path, *, force: bool = False) -> Manifest:
    """Bring a backup back; nothing is touched before every checksum is right.

    Raises ``SetupError`` for a damaged or newer backup, one of another kind of database, or an instance that
    holds data; with ``force`` that data is moved aside first.
    """
    if not file.is_file():
        raise SetupError(f"没有文件 {file}", f"there is no file {file}")
    here.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(dir=here.instance, prefix=".restore-") as scratch:
        try:
            with ZipFile(file) as archive:
                manifest = _manifest(archive)
                _refuse_unfit(here, manifest)
                for name, total in manifest.parts.items():
                    _extract(archive, name, total, Path(scratch))
        except (OSError, BadZipFile, KeyError, TypeError, ValueError) as problem:
            raise SetupError(f"{file} 不是完好的备份：{problem}", f"{file} is no sound backup: {problem}") from problem
        _make_room(here, force=force)
        _put_in_place(here, Path(scratch))
    return manifest


def set_aside(here: Settings, paths: list[Path], label: str) -> Path:
    """Move what is there into a new folder under ``instance/backups``."""
    folder = here.instance / "backups" / f"{stamp()}-{label}"
    folder.mkdir(mode=0o700, parents=True)
    for path in paths:
        shutil.move(path, folder / path.name)
    return folder


def database_files(here: Settings) -> list[Path]:
    """The SQLite file and what it keeps beside it, as far as they exist."""
    file = here.sqlite_file
    return [] if file is None else [p for s in ("", "-wal", "-shm") if (p := file.with_name(file.name + s)).exists()]


def stamp() -> str:
    """This instant as a part of a file name, in local time."""
    return f"{clock.to_local(clock.now()):%Y%m%d-%H%M%S}"


def _parts(here: Settings, dump: Path) -> Iterator[tuple[str, Path]]:
    yield dumps.part_name(here), dump
    for folder in (here.files, here.keys):
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            yield path.relative_to(here.instance).as_posix(), path
    if (here.instance / DEMO).exists():
        yield DEMO, here.instance / DEMO


def _add(archive: ZipFile, name: str, path: Path) -> str:
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
        return _copy(source, target)


def _extract(archive: ZipFile, name: str, total: str, scratch: Path) -> None:
    target = (scratch / name).resolve()
    if not target.is_relative_to(scratch.resolve()):
        raise ValueError(name)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    private = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with archive.open(name) as source, os.fdopen(private, "wb") as file:
        if _copy(source, file) != total:
            raise ValueError(f"SHA-256 {name}")


def _copy(source: IO[bytes], target: IO[bytes]) -> str:
    """Copy in pieces; the SHA-256 of what was copied."""
    digest = hashlib.sha256()
    while piece := source.read(1 << 20):
        digest.update(piece)
        target.write(piece)
    return digest.hexdigest()


def _manifest(archive: ZipFile) -> Manifest:
    return Manifest(**json.loads(archive.read(MANIFEST)))


def _refuse_unfit(here: Settings, manifest: Manifest) -> None:
    if dumps.part_name(here) not in manifest.parts:
        raise SetupError(
            "备份的数据库种类与 DATABASE_URL 不同", "the backup is of another kind of database than DATABASE_URL"
        )
    if not database.knows(manifest.head):
        raise SetupError(
            f"备份来自更新的版本 {manifest.version}，请先升级程序",
            f"the backup comes from a newer version, {manifest.version}: upgrade the program first",
        )


def _make_room(here: Settings, *, force: bool) -> None:
    """Leave nothing in the way: refuse, or with ``force`` move it aside."""
    old = [*database_files(here), *(p for p in (here.files, here.keys, here.instance / DEMO) if p.exists())]
    tables = here.sqlite_file is None and dumps.has_tables(here)
    if not old and not tables:
        return
    if not force:
        raise SetupError(
            f"{here.instance} 已有数据；用 --force 先移开", f"{here.instance} holds data; --force moves it aside"
        )
    if tables:
        dumps.rename_schema(here, f"before-restore-{stamp()}")
    if old:
        set_aside(here, old, "before-restore")


def _put_in_place(here: Settings, scratch: Path) -> None:
    """The database last: a restore that breaks off leaves no database without its keys."""
    for name in (here.keys.name, here.files.name, DEMO):
        if (scratch / name).exists():
            (scratch / name).rename(here.instance / name)
    dumps.load(here, scratch / dumps.part_name(here))


def _version() -> str:
    described = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(described["project"]["version"])
