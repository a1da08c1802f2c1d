"""Versions of packs: shipped or drafted, approved by the post that the policy names, in force from a day."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import g, has_app_context
from flask_babel import gettext as _
from sqlalchemy import orm

from app.core import access, actor, clock, words
from app.core.db import session
from app.core.errors import Forbidden, Problem, Refusal
from app.core.lifecycle import Lifecycle
from app.core.register import registers
from app.core.remembering import within_transaction
from app.core.wording import listed
from app.engines.people import catalogue
from app.engines.policy import calc
from app.engines.policy.coverage import coverages
from app.engines.policy.models import APPROVED, DRAFT, RETIRED, PackVersion
from app.packs import schema
from app.packs.schema import FOLDER, Pack, PackError

FAMILY = "complaint"
RELEASED = FOLDER / "released.txt"

_readers: list[Callable[[Pack], None]] = []


def on_read(listener: Callable[[Pack], None]) -> Callable[[Pack], None]:
    """Call ``listener`` with every version that this process begins to work by."""
    if listener not in _readers:
        _readers.append(listener)
    return listener


def pack_files() -> list[Path]:
    """The pack files that the program ships."""
    return sorted(FOLDER.glob("[A-Z][0-9][0-9].yaml"))


def load_packs() -> dict[str, int]:
    """Keep every shipped pack: a policy's first version is in force at once, later ones wait for approval.

    A shipped version whose number a version drafted here already has gets the next free one.
    """
    loaded = 0
    for file in pack_files():
        content = schema.parse(file.read_text(encoding="utf-8"))
        introduce(schema.build(content))
        loaded += _take(str(content["code"]), content)
    return {"loaded": loaded}


def _take(code: str, content: Mapping[str, Any]) -> bool:
    kept = dict(session.execute(sa.select(PackVersion.version, PackVersion.sha256).filter_by(code=code)).all())
    if any(fingerprint({**content, "version": str(number)}) == known for number, known in kept.items()):
        return False
    free = content if int(content["version"]) not in kept else {**content, "version": str(max(kept) + 1)}
    _keep(schema.build(free), free, DRAFT if kept else APPROVED)
    return True


def released() -> dict[str, str]:
    """The fingerprint of every version that went out, by policy and number, as in ``B02/1``."""
    return dict(line.split() for line in RELEASED.read_text(encoding="utf-8").splitlines())


def to_release() -> dict[str, str]:
    """What ``released`` is once the packs as they are have gone out as well."""
    return released() | _shipped()


def changed_since_release() -> list[str]:
    """The versions that went out with other content than they have now."""
    return [name for name, sha in _shipped().items() if released().get(name, sha) != sha]


def _shipped() -> dict[str, str]:
    contents = (schema.parse(file.read_text(encoding="utf-8")) for file in pack_files())
    return {f"{content['code']}/{content['version']}": fingerprint(content) for content in contents}


def next_number(code: str) -> int:
    """The number that the next version of a policy gets."""
    last = session.scalar(sa.select(sa.func.max(PackVersion.version)).filter_by(code=code))
    return (last or 0) + 1


def fingerprint(content: Mapping[str, Any]) -> str:
    """SHA-256 of a pack's content; the order of states and moves belongs to it."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def introduce(pack: Pack) -> None:
    """Tell the rest of the program what the pack's posts and entries are called, and the role behind each post."""
    words.name_posts(pack.post_labels)
    words.name_entries(pack.entry_labels)
    words.name_clauses(f"{pack.code}/{pack.version}", pack.clauses, pack.own_clauses)
    labels = {slug: {key: state.label for key, state in case.states.items()} for slug, case in pack.cases.items()}
    words.name_states(pack.code, labels)
    words.name_cases(pack.code, {*pack.cases, *_beside(pack)})
    catalogue.place_posts({f"{pack.code}.{post.key}": post.role for post in pack.posts.values()})


def _beside(pack: Pack) -> Iterator[str]:
    """The registers that a policy asks for without giving them a life, and those that its cases refer to.

    What refers to its forms and papers belongs to them, unless it lives by a pack that is another's; what refers to the
    case itself may be another policy's.
    """
    if coverage := coverages().get(pack.code):
        yield from (item.home for item in coverage.items if item.kind == "register" and item.home)
    yield from (entry.applies_to for entry in (*pack.limits.values(), *pack.calculations.values()))
    papers = pack.cases.keys() - {FAMILY}
    for slug, register in registers().items():
        targets = {spec.target for spec in register.fields.values() if spec.target}
        if slug in pack.cases:
            yield from targets
        elif targets & papers and not register.from_pack:
            yield slug


def introduce_all() -> None:
    """Introduce every policy in force, before somebody chooses among their posts."""
    newest = sa.select(sa.func.max(PackVersion.id)).where(PackVersion.status == APPROVED).group_by(PackVersion.code)
    for version_id in session.scalars(newest):
        pack_for(version_id)


def _known(pack: Pack) -> PackVersion | None:
    return session.scalar(sa.select(PackVersion).filter_by(code=pack.code, version=pack.version))


def _already_there(pack: Pack) -> str:
    return _(
        "Pack %(code)s version %(version)s exists with other content; give the change a new version number.",
        code=pack.code,
        version=pack.version,
    )


def _keep(pack: Pack, content: Mapping[str, Any], status: str) -> PackVersion:
    made = PackVersion(
        code=pack.code,
        version=pack.version,
        title_zh=pack.title.zh,
        title_en=pack.title.en,
        status=status,
        effective_from=pack.effective,
        sha256=fingerprint(content),
        content=dict(content),
    )
    session.add(made)
    session.flush()
    return made


# -- drafts ----------------------------------------------------------------------------------------------------------


def draft(text: str) -> PackVersion:
    """Keep a changed pack as a draft; raises ``Refusal`` with every fault and its path."""
    try:
        content = schema.parse(text)
        pack = schema.build(content)
    except PackError as error:
        raise Refusal(*(Problem(str(fault), fault.path or None, "pack") for fault in error.faults)) from None
    if _known(pack) is not None:
        raise Refusal(Problem(_already_there(pack), "version", "version"))
    return _keep(pack, content, DRAFT)


def approve(version: PackVersion, first: dt.date) -> None:
    """Put a draft into force for cases that begin from a day on; running cases keep their version.

    Approved versions that would have come into force later give way. Raises ``Forbidden`` unless the person holds the
    post that the policy names for its own changes, ``Refusal`` for a past day or the person's own draft.
    """
    _check_approver(version)
    session.refresh(version, with_for_update=True)
    Refusal.when(_hindrances(version, first))
    overtaken = sa.select(PackVersion).where(
        PackVersion.code == version.code, PackVersion.status == APPROVED, PackVersion.effective_from >= first
    )
    for other in session.scalars(overtaken.with_for_update()):
        other.status = RETIRED
    version.status, version.effective_from = APPROVED, first
    version.approved_by_id, version.approved_at = actor.user_id(), clock.now()
    session.flush()


def approvers(version: PackVersion) -> tuple[list[str], str | None]:
    """The posts that approve a change of the policy, as the version in force names them, and the clause."""
    in_force = current_version(version.code, clock.today())
    pack = pack_for((in_force or version).id)
    routes = [route for route in pack.approvals.values() if route.register_ == PackVersion.__tablename__]
    posts = [f"{pack.code}.{post}" for route in routes for station in route.stations for post in station.posts]
    return posts, routes[0].clause if routes else None


def _check_approver(version: PackVersion) -> None:
    posts, clause = approvers(version)
    if access.current().holds(posts) is None:
        named = listed(map(words.post_label, posts)) or "-"
        text = _("A change of %(code)s is approved by: %(posts)s.", code=version.code, posts=named)
        raise Forbidden(Problem(text, None, "post", clause))


def _hindrances(version: PackVersion, first: dt.date) -> Iterator[Problem]:
    if version.status != DRAFT:
        yield Problem(_("Only a draft can be approved."), "status", "state")
    if first < clock.today():
        yield Problem(_("A change comes into force today at the earliest."), "effective_from", "not_past")
    if version.created_by_id is not None and version.created_by_id == actor.user_id():
        yield Problem(_("Somebody else approves your draft."), None, "separation_of_duties")


# -- reading ---------------------------------------------------------------------------------------------------------


@within_transaction(PackVersion)
def current_version(code: str, day: dt.date) -> PackVersion | None:
    """The approved version of a policy in force on a day."""
    found = sa.select(PackVersion).where(
        PackVersion.code == code, PackVersion.status == APPROVED, PackVersion.effective_from <= day
    )
    newest = found.order_by(PackVersion.effective_from.desc(), PackVersion.version.desc()).limit(1)
    return session.scalar(newest.options(orm.defer(PackVersion.content)))


@within_transaction(PackVersion)
def current_versions(day: dt.date) -> Mapping[str, PackVersion]:
    """The approved versions in force on a day, by policy; one statement for whoever asks for many."""
    found = sa.select(PackVersion).where(PackVersion.status == APPROVED, PackVersion.effective_from <= day)
    oldest_first = found.order_by(PackVersion.effective_from, PackVersion.version)
    return {row.code: row for row in session.scalars(oldest_first.options(orm.defer(PackVersion.content)))}


def pack_for(version_id: int) -> Pack:
    """The pack of a version; versions never change, so it is read once per process."""
    return _compiled(version_id, _fingerprint_of(version_id))


def page_of(version_id: int) -> str:
    """The page of a version as addresses name it (``B02/1``), for links to its clauses."""
    pack = pack_for(version_id)
    return f"{pack.code}/{pack.version}"


def bare_lifecycle(version_id: int, slug: str) -> Lifecycle:
    """The states and moves of a register's cases under a version, not yet bound to an adopting unit."""
    return _lifecycle(version_id, _fingerprint_of(version_id), slug)


def version_ids() -> list[int]:
    """Every version of every pack; asked for once per request."""
    return sorted(_fingerprints())


def known_versions() -> tuple[tuple[int, str], ...]:
    """Every version with what tells its content apart; requests that see the same may share what follows from it."""
    return tuple(sorted(_fingerprints().items()))


def _fingerprint_of(version_id: int) -> str:
    """Tells apart versions with the same id in different databases of one process."""
    known = _fingerprints()
    return known[version_id] if version_id in known else _fingerprints(again=True)[version_id]


def _fingerprints(*, again: bool = False) -> dict[int, str]:
    """The fingerprints of all versions, with one statement; ``again`` when a version was made meanwhile."""
    known: dict[int, str] = g.setdefault("pack_fingerprints", {}) if has_app_context() else {}
    if again or not known:
        known |= {row.id: row.sha256 for row in session.execute(sa.select(PackVersion.id, PackVersion.sha256))}
    return known


@cache
def _compiled(version_id: int, _fingerprint: str) -> Pack:
    content = session.scalars(sa.select(PackVersion.content).filter_by(id=version_id)).one()
    pack = schema.build(content)
    introduce(pack)
    for listener in _readers:
        listener(pack)
    return pack


@cache
def _lifecycle(version_id: int, fingerprint_: str, slug: str) -> Lifecycle:
    return calc.lifecycle_of(_compiled(version_id, fingerprint_), slug)
