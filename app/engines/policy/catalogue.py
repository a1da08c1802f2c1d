"""Every policy with what the program does of it, its versions and the units that work by it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm

from app.core import clock
from app.core.db import session
from app.engines.people.models import OrgUnit
from app.engines.policy import versions
from app.engines.policy.coverage import Coverage, coverages
from app.engines.policy.models import APPROVED, PackVersion, PolicyAdoption
from app.engines.policy.reading.whole import read
from app.packs.citing import Citation, cited_for


class InUse(NamedTuple):
    """An adoption with the name of its unit."""

    adoption: PolicyAdoption
    unit: str

    def on(self, day: dt.date) -> bool:
        """Whether the unit works by it on a day."""
        return self.adoption.valid_from <= day and (self.adoption.valid_to is None or self.adoption.valid_to >= day)


@dataclass
class Policy:
    """One policy: what the program does of it, its versions by number, and who works by it."""

    coverage: Coverage
    versions: list[PackVersion] = field(default_factory=list)
    adoptions: list[InUse] = field(default_factory=list)

    @property
    def code(self) -> str:
        """Its code."""
        return self.coverage.code

    @property
    def second_sources(self) -> Sequence[Citation]:
        """The texts that repeat it."""
        return cited_for(self.code)

    def in_force(self, day: dt.date) -> PackVersion | None:
        """The version in force on a day."""
        known = [row for row in self.versions if row.status == APPROVED and row.effective_from <= day]
        return max(known, key=lambda row: (row.effective_from, row.version), default=None)

    def version(self, number: int) -> PackVersion | None:
        """A version by its number."""
        return next((row for row in self.versions if row.version == number), None)

    @property
    def newest(self) -> PackVersion | None:
        """The version with the highest number."""
        return self.versions[-1] if self.versions else None


def policies(code: str | None = None) -> dict[str, Policy]:
    """Every policy, or one, by code; two statements. The content of versions is not loaded."""
    found = {key: Policy(known) for key, known in coverages().items() if code in (None, key)}
    query = sa.select(PackVersion).where(PackVersion.code.in_(list(found))).options(orm.defer(PackVersion.content))
    for row in session.scalars(query.order_by(PackVersion.code, PackVersion.version)):
        found[row.code].versions.append(row)
    for used in _adoptions(list(found)):
        found[used.adoption.policy].adoptions.append(used)
    return found


def _adoptions(codes: Sequence[str]) -> list[InUse]:
    query = sa.select(PolicyAdoption, OrgUnit.name).join(OrgUnit, OrgUnit.id == PolicyAdoption.unit_id)
    query = query.where(PolicyAdoption.policy.in_(codes)).order_by(OrgUnit.path, PolicyAdoption.valid_from)
    return [InUse(adoption, unit) for adoption, unit in session.execute(query)]


def basis_counts(version: PackVersion) -> tuple[int, int]:
    """How many sentences of a version are stated, and how many assumed; versions never change, so counted once."""
    return _counts(version.id, version.sha256)


@cache
def _counts(version_id: int, _fingerprint: str) -> tuple[int, int]:
    found = read(versions.pack_for(version_id), str)
    return found.stated, found.assumed


def users(found: Policy) -> Mapping[str, list[InUse]]:
    """Who works by a policy: now, later, and in the past."""
    today, sorted_ = clock.today(), defaultdict(list)
    for used in found.adoptions:
        key = "now" if used.on(today) else "later" if used.adoption.valid_from > today else "past"
        sorted_[key].append(used)
    return sorted_
