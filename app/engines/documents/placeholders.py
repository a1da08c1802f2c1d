"""Placeholders in a text: ``{{ number }}``, ``{{ customer.name }}``, ``{{ claimed_amount.capitals }}``. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

PLACE = re.compile(r"\{\{\s*([^{}]{1,120}?)\s*\}\}")
SHOWN = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff￾￿]")


@dataclass(frozen=True)
class Given:
    """What fills a template: texts and numbers by name, and the lines of the row by register."""

    texts: Mapping[str, str]
    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    lines: Mapping[str, Sequence[Given]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def key(self, said: str) -> str:
        """The name behind what a template says: a key, or a label in either language."""
        return self.names.get(spelt(said), said)

    def text(self, said: str) -> str:
        """The text of a placeholder, without characters that no office file can hold; empty for what is not there."""
        return "".join(SHOWN.findall(self.texts.get(self.key(said), "")))

    def number(self, said: str) -> Decimal | None:
        """The number of a placeholder, if it is one."""
        return self.numbers.get(self.key(said))

    def line_of(self, places: Iterable[str]) -> str:
        """The register of lines that some placeholders speak of, if one does."""
        return next((slug for said in places if (slug := self.key(said).partition(".")[0]) in self.lines), "")

    def of_line(self, slug: str, line: Given) -> Given:
        """What fills the row of a table for one line: its own fields under the name of its register, and the rest."""
        texts = {f"{slug}.{name}": text for name, text in line.texts.items()}
        numbers = {f"{slug}.{name}": number for name, number in line.numbers.items()}
        return Given({**self.texts, **texts}, {**self.numbers, **numbers}, {}, self.names)


def spelt(said: str) -> str:
    """A name as it is compared: without spaces, in small letters."""
    return "".join(said.split()).lower()


def places_in(text: str) -> Iterator[str]:
    """What the placeholders of a text say."""
    yield from (found.group(1).strip() for found in PLACE.finditer(text))


def filled(text: str, given: Given) -> str:
    """The text with every placeholder replaced."""
    return PLACE.sub(lambda found: given.text(found.group(1).strip()), text)
