"""Whether the reports of a pack fit the program: registers, fields and paths exist, and can be counted as asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from flask_babel import gettext as _

from app.core import paths
from app.core.register import Register, registers
from app.packs.figures import Chosen, Figures, Measure
from app.packs.listings import Lacks, Shows
from app.packs.recurring import Opens
from app.packs.schema import Fault, Pack

Details = Mapping[str, str]
NUMBERS = ("integer", "decimal", "money", "percent")
TIMES = ("date", "datetime")
GROUPED = ("text", "choice", "boolean", "ref", "post", "state", "integer")
SHOWN = ("text", "longtext", "choice", "choices", "boolean", "ref", "refs", "post", "state", *NUMBERS, *TIMES)


def misfits(pack: Pack) -> Iterator[Fault]:
    """Everything that the reports name and the program does not have, or cannot count."""
    details = details_of(pack)
    for key, report in pack.reports.items():
        if report.shows:
            yield from _listed(f"reports.{key}.shows", report.shows, details)
        if report.figures:
            yield from _counted(f"reports.{key}.figures", report.figures, details)
    for key, task in pack.tasks.items():
        if task.opens:
            yield from _opened(f"tasks.{key}.opens", pack, task.opens, details)


def _opened(path: str, pack: Pack, opens: Opens, details: Details) -> Iterator[Fault]:
    """A task opens a case of the pack, in fields that it has."""
    register = registers().get(opens.register_)
    if register is None or register.slug not in pack.cases:
        yield _no_register(path, opens.register_)
        return
    yield from _fit(path, register, opens.fills, None, details)
    yield from _fit(path, register, [opens.period_field], ("text",), details)
    yield from _fit(path, register, [opens.until_field or ""], ("date",), details)
    yield from _fit(path, register, [opens.person_field or ""], ("ref",), details)


def details_of(pack: Pack) -> dict[str, str]:
    """The detail register of each register of the pack."""
    return {slug: case.detail for slug, case in pack.cases.items() if case.detail and case.detail in registers()}


def _listed(path: str, shows: Shows, details: Details) -> Iterator[Fault]:
    register = registers().get(shows.register_)
    if register is None:
        yield _no_register(path, shows.register_)
        return
    yield from _fit(path, register, shows.columns, SHOWN, details)
    yield from _fit(path, register, [shows.at, shows.until], TIMES, details)
    yield from _fit(path, register, [shows.group], GROUPED, details)
    yield from _chosen(path, register, shows, details)
    if shows.lacks:
        yield from _lacking(f"{path}.lacks", register, shows.lacks, details)


def _lacking(path: str, register: Register, lacks: Lacks, details: Details) -> Iterator[Fault]:
    """What is owed lies in a register, on a day, and names the listed row or whom it names."""
    other = registers().get(lacks.register_)
    if other is None:
        yield _no_register(path, lacks.register_)
        return
    yield from _fit(path, other, [lacks.at], TIMES, details)
    yield from _chosen(path, other, lacks, details)
    owner = _target(register, lacks.of, details)
    if owner is None or _target(other, lacks.by, details) != owner:
        yield Fault(path, _("“%(by)s” and “%(of)s” do not name the same row", by=lacks.by, of=lacks.of))


def _target(register: Register, path: str, details: Details) -> str | None:
    """The register whose row a path names; ``id`` is the row itself."""
    spec = None if path == "id" else paths.spec_at(register, path, details)
    return register.slug if path == "id" else spec.target or None if spec else None


def _counted(path: str, figures: Figures, details: Details) -> Iterator[Fault]:
    known = registers().get(figures.register_)
    if known is None:
        yield _no_register(path, figures.register_)
        return
    yield from _chosen(path, known, figures, details)
    yield from _fit(f"{path}.columns", known, figures.columns, SHOWN, details)
    yield from _fit(path, known, [figures.at or ""], TIMES, details)
    yield from _fit(path, known, [figures.once_per or ""], GROUPED, details)
    for key, measure in figures.measures.items():
        register = registers().get(figures.register_of(measure))
        if register is None:
            yield _no_register(f"{path}.measures.{key}", figures.register_of(measure))
        elif not measure.derived:
            yield from _measured(f"{path}.measures.{key}", register, measure, details)
    for place, grouping in enumerate(figures.groups):
        yield from _grouped(f"{path}.groups.{place}", figures, grouping.by, grouping.measures, details)


def _measured(path: str, register: Register, measure: Measure, details: Details) -> Iterator[Fault]:
    yield from _chosen(path, register, measure, details)
    times = (measure.at, measure.until, measure.since, measure.to, measure.age.of if measure.age else None)
    yield from _fit(path, register, [name or "" for name in times], TIMES, details)
    if measure.kind == "duration" and len({_kind(register, name, details) for name in (measure.since, measure.to)}) > 1:
        yield Fault(path, _("a duration runs from day to day, or from instant to instant"))
    wanted = GROUPED if measure.kind == "count" else NUMBERS
    yield from _fit(path, register, [measure.field or ""], wanted, details)
    yield from _fit(path, register, measure.less, NUMBERS, details)


def _grouped(
    path: str, figures: Figures, by: tuple[str, ...], named: tuple[str, ...], details: Details
) -> Iterator[Fault]:
    """A table has at least one measure whose rows have all of its fields; those that it names all have them."""
    fitting = []
    for key in named or figures.measures:
        measure = figures.measures[key]
        if measure.derived:
            continue
        faults = list(_groupable(path, registers().get(figures.register_of(measure)), measure, by, details))
        if named:
            yield from faults
        elif not faults:
            fitting.append(key)
    if not named and not fitting:
        yield Fault(path, _("no measure can be grouped by %(fields)s", fields=", ".join(by)))


def _groupable(
    path: str, register: Register | None, measure: Measure, by: Iterable[str], details: Details
) -> Iterator[Fault]:
    if register is None:
        return
    yield from _fit(path, register, [name for name in by if name not in measure.steps], GROUPED, details)


def _chosen(path: str, register: Register, chosen: Chosen, details: Details) -> Iterator[Fault]:
    yield from _fit(path, register, (*chosen.when, *chosen.unless), None, details)
    yield from _fit(path, register, (*chosen.at_least, *chosen.at_most), NUMBERS, details)


def _fit(
    path: str, register: Register, names: Iterable[str], kinds: Iterable[str] | None, details: Details
) -> Iterator[Fault]:
    """Fields that do not exist, or are of no kind that can stand there; personal data are never counted or listed."""
    for name in names:
        spec = paths.spec_at(register, name, details) if name else None
        if name and spec is None:
            yield Fault(path, _("there is no field “%(name)s”", name=name))
        elif spec and spec.kind.name not in (kinds or (*SHOWN,)):
            yield Fault(path, _("“%(name)s” cannot be used here", name=name))


def _kind(register: Register, name: str | None, details: Details) -> str:
    spec = paths.spec_at(register, name or "", details)
    return spec.kind.name if spec else ""


def _no_register(path: str, slug: str) -> Fault:
    return Fault(path, _("there is no register “%(name)s”", name=slug))
