"""Names of companies as they are compared: without spaces, brackets and the form of the company."""

from __future__ import annotations

import re
import unicodedata

LONGEST, SHORTEST = 120, 2
_FORM = re.compile(r"(?:股份|有限|责任|集团|总)*公司$|集团$")
_SIGNS = re.compile(r"[\W_]+")


def name_key(name: str | None, side: str | None) -> str | None:
    """What companies with the same name share; ``None`` for private persons, of whom many have the same name."""
    if not name or side == "person":
        return None
    plain = _SIGNS.sub("", unicodedata.normalize("NFKC", name)).casefold()
    bare = _FORM.sub("", plain)
    return (bare if len(bare) >= SHORTEST else plain)[:LONGEST] or None
