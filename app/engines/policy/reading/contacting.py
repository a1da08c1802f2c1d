"""Rules of contact: how far apart attempts are, never when, and on which days one is owed."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from app.engines.policy.reading.tables import Column, Row, Section, Table
from app.engines.policy.reading.words import Wording
from app.packs.contacts import Contact


def contacts(words: Wording) -> Section:
    """Every rule, a row for each."""
    columns = (Column(_("Contact")), Column(_("Rule")))
    rows = tuple(row for key, rule in words.pack.contacts.items() for row in _rows(words, key, rule))
    return Section("contacts", _("Contact with the customer"), (Table(columns, rows),), half=True)


def _rows(words: Wording, key: str, rule: Contact) -> Iterator[Row]:
    path, spacing = f"contacts.{key}", rule.spacing
    apart = words.span(spacing.number, spacing.unit)
    taken = words.from_settings(spacing.number, spacing.unit)
    after = _("at the earliest %(span)s after an attempt that reached nobody", span=apart)
    yield Row(path, rule.clause, rule.basis, (str(rule.label), after), (1,), taken, 1)
    for place, quiet in enumerate(rule.quiet):
        said = _("never from %(start)s up to %(end)s", start=f"{quiet.start:%H:%M}", end=f"{quiet.end:%H:%M}")
        lifted = [_("unless the customer asked for that time")] if rule.windows else []
        yield Row(f"{path}.quiet.{place}", quiet.clause, quiet.basis, ("", [said, *lifted]), (1,))
    slug = rule.register_
    days = _(
        "once each working day after “%(since)s”, until the customer was reached or until “%(until)s”",
        since=words.field(slug, rule.from_field), until=words.field(slug, rule.until_field),
    )
    yield Row(f"{path}.from_field", rule.clause, rule.basis, ("", days), (1,))
