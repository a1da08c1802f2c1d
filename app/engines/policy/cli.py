"""Policies from the command line: ``flask policy list|check|show|diff|load|table|adopt|set``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from app.core import clock
from app.core.db import session
from app.core.errors import Refusal
from app.engines.people.models import OrgUnit
from app.engines.policy import checking, operations, versions
from app.engines.policy.calc import differences
from app.engines.policy.coverage import coverages, homes, table, with_short_table
from app.engines.policy.models import PackVersion, PolicyAdoption
from app.packs import schema
from app.packs.schema import Fault, Pack, PackError
from config import ROOT

commands = AppGroup("policy", help="Policies: list and check packs, show and compare versions, adopt them.")
DAY = click.DateTime(["%Y-%m-%d"])
READMES: dict[str, Literal["en", "zh"]] = {"README.md": "en", "README.zh-CN.md": "zh"}


@commands.command("list")
def list_policies() -> None:
    """Every policy: whether it runs, its versions, and the units that adopted it."""
    known: dict[str, list[str]] = {}
    for row in session.scalars(sa.select(PackVersion).order_by(PackVersion.code, PackVersion.version)):
        known.setdefault(row.code, []).append(f"v{row.version} {row.status} from {row.effective_from}")
    adopters = session.execute(sa.select(PolicyAdoption.policy, OrgUnit.code).join(OrgUnit)).all()
    for code, coverage in coverages().items():
        said = [*known.get(code, []), *(f"adopted by {unit}" for policy, unit in adopters if policy == code)]
        click.echo(f"{code}  {coverage.state:8} {coverage.title.zh}  {'; '.join(said)}".rstrip())


@commands.command("check")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Check the given pack files, or all that are shipped; exits with 1 and lists every fault."""
    wrong = 0
    for file in files or versions.pack_files():
        faults = list(_faults(file))
        wrong += len(faults)
        click.echo(f"{file.name}: {len(faults)} faults" if faults else f"{file.name}: in order")
        for fault in faults:
            click.echo(f"  {fault}")
    if wrong:
        raise SystemExit(1)


def _faults(file: Path) -> Iterator[Fault]:
    try:
        pack = schema.build(schema.parse(file.read_text(encoding="utf-8")))
    except PackError as error:
        yield from error.faults
        return
    yield from checking.misfits(pack)
    if pack.code in coverages():
        yield from checking.homeless(coverages()[pack.code], pack)


@commands.command("show")
@click.argument("code")
@click.option("--version", type=int, help="Instead of the version in force.")
def show(code: str, version: int | None) -> None:
    """A pack as readable lines, each with its clause."""
    row = _version(code, version) if version else operations.current_version(code, clock.today())
    if row is None:
        raise click.ClickException(f"no version of {code} is in force")
    for line in _lines(operations.pack_for(row.id)):
        click.echo(line)


def _version(code: str, version: int) -> PackVersion:
    row = session.scalar(sa.select(PackVersion).filter_by(code=code, version=version))
    if row is None:
        raise click.ClickException(f"there is no version {version} of {code}")
    return row


def _lines(pack: Pack) -> Iterator[str]:
    yield f"{pack.code} {pack.title} · v{pack.version} · {pack.effective}"
    for slug, case in pack.cases.items():
        yield f"\n{case.label} ({slug})"
        for move in case.moves.values():
            who = ", ".join(move.posts) or "system"
            yield _line(f"{', '.join(move.sources)} → {move.to}", move.label, who, move)
    yield from _section("posts", ((post.key, post.label, str(post.duties), post) for post in pack.posts.values()))
    yield from _section(
        "parameters", ((p.key, p.label, f"{p.value} {p.unit or ''}", p) for p in pack.parameters.values())
    )
    yield from _section("clocks", ((c.key, c.label, c.responsible, c) for c in pack.clocks.values()))
    for table_ in pack.authority.values():
        yield from _section(f"authority {table_.key}", ((_bounds(band), "", band.post, band) for band in table_.bands))
    yield from _section("approvals", ((a.key, a.subject, a.register_, a) for a in pack.approvals.values()))


def _section(title: str, rows: Iterable[tuple[str, Any, str, Any]]) -> Iterator[str]:
    yield f"\n{title}"
    for key, label, more, entry in rows:
        yield _line(key, label, more, entry)


def _line(key: str, label: Any, more: str, entry: Any) -> str:
    mark = "" if entry.basis == "stated" else " (assumed)"
    return f"  {key:36} {label}  {more.strip()}  [{entry.clause}]{mark}"


def _bounds(band: Any) -> str:
    return f"{band.lower or 0:,} – {band.upper:,}" if band.upper is not None else f"above {band.lower:,}"


@commands.command("diff")
@click.argument("code")
@click.argument("old", type=int)
@click.argument("new", type=int)
def diff(code: str, old: int, new: int) -> None:
    """Every text in which two versions of a pack differ."""
    for found in differences(_version(code, old).content, _version(code, new).content):
        click.echo(f"{found.path}: {found.old if found.old is not None else '-'} → {found.new or '-'}")


@commands.command("load")
def load() -> None:
    """Take the shipped packs into the database."""
    _commit(operations.load_packs)


@commands.command("release")
def release() -> None:
    """Write down the versions that go out now; a version that went out before and differs ends it with 1."""
    changed = versions.changed_since_release()
    if changed:
        click.echo(f"Changed since they went out; give them a new version number: {', '.join(changed)}")
        raise SystemExit(1)
    versions.RELEASED.write_text("".join(f"{name} {sha}\n" for name, sha in sorted(versions.to_release().items())))


@commands.command("draft")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def draft(file: Path) -> None:
    """Keep a changed pack as a draft, to be approved in the portal."""
    _commit(lambda: operations.draft(file.read_text(encoding="utf-8")))


@commands.command("table")
@click.option("--write", is_flag=True, help="Write it, and the short tables of both READMEs.")
def print_table(write: bool) -> None:
    """The pages docs/policies.md and docs/homes.md."""
    if not write:
        click.echo(table(), nl=False)
        return
    (ROOT / "docs" / "policies.md").write_text(table(), encoding="utf-8")
    (ROOT / "docs" / "homes.md").write_text(homes(), encoding="utf-8")
    for name, language in READMES.items():
        file = ROOT / name
        file.write_text(with_short_table(file.read_text(encoding="utf-8"), language), encoding="utf-8")


@commands.command("adopt")
@click.argument("code")
@click.argument("unit")
@click.option("--from", "first", type=DAY, help="From this day instead of today.")
def adopt(code: str, unit: str, first: dt.datetime | None) -> None:
    """Let a unit, named by its code, work by a policy."""
    _commit(lambda: operations.adopt(_unit(unit), code, first.date() if first else None))


@commands.command("set")
@click.argument("code")
@click.argument("unit")
@click.argument("key")
@click.argument("value")
@click.option("--reason", required=True)
@click.option("--from", "first", type=DAY, help="From this day instead of today.")
def set_parameter(code: str, unit: str, key: str, value: str, reason: str, first: dt.datetime | None) -> None:
    """Give a setting of a policy another value for a unit."""
    day = first.date() if first else None
    _commit(lambda: operations.set_parameter(_unit(unit), code, key, value, reason, day))


def _unit(code: str) -> OrgUnit:
    unit = session.scalar(sa.select(OrgUnit).filter_by(code=code))
    if unit is None:
        raise click.ClickException(f"there is no unit {code}")
    return unit


def _commit(work: Any) -> None:
    try:
        work()
    except (Refusal, PackError) as error:
        raise click.ClickException(str(error)) from None
    session.commit()
