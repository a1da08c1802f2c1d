"""Rules of addresses that learn to build them when that is first wanted: of thousands, a process builds a few."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.routing import Rule


class LateRule(Rule):
    """Matches at once and builds late: half of the time that adding routes took went into compiling builders."""

    late = True

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        return _not_yet if self.late else super()._compile_builder(append_unknown)

    def build(self, values: Mapping[str, Any], append_unknown: bool = True) -> tuple[str, str] | None:
        """The address for some values, or ``None`` where they do not fit."""
        if self.late:
            builders = [super(LateRule, self)._compile_builder(unknown) for unknown in (False, True)]
            self._build, self._build_unknown = (made.__get__(self, None) for made in builders)
            self.late = False
        return super().build(values, append_unknown)


def _not_yet(_rule: Rule, **_values: Any) -> tuple[str, str]:
    raise AssertionError("a rule builds through its method")
