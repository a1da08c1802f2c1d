"""YAML whose scalars stay text: the schema decides what is a number, a date or a yes."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

import yaml
from flask_babel import gettext as _

try:
    from yaml import CSafeDumper as _Writer
    from yaml import CSafeLoader as _Base
except ImportError:
    from yaml import SafeDumper as _Writer
    from yaml import SafeLoader as _Base


MERGE = "tag:yaml.org,2002:merge"
WIDTH = 120


class UnreadableText(ValueError):
    """The text is no YAML, or names a key twice."""


class _TextLoader(_Base):
    """Makes texts, lists and mappings only; nothing written stays ``None``."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _value in node.value:
            if key_node.tag == MERGE:
                continue
            key: Hashable = self.construct_object(key_node, deep=True)
            if key in seen:
                line = key_node.start_mark.line + 1
                raise UnreadableText(_("line %(line)s: “%(key)s” stands here twice", line=line, key=key))
            seen.add(key)
        return super().construct_mapping(node, deep)


_TextLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
_TextLoader.add_implicit_resolver(MERGE, re.compile(r"^<<$"), ["<"])


def read_text(text: str) -> Any:
    """The mappings, lists and texts that ``text`` describes; raises ``UnreadableText``."""
    try:
        return yaml.load(text, _TextLoader)  # noqa: S506 -- derived from the safe loader
    except yaml.YAMLError as error:
        raise UnreadableText(str(error)) from None


class _PlainDumper(_Writer):
    """Writes what stands in two places twice, as a person would read it."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def write_text(content: Any) -> str:
    """YAML that ``read_text`` reads back as the same mappings, lists and texts."""
    options = {"allow_unicode": True, "sort_keys": False, "default_flow_style": None, "width": WIDTH}
    return str(yaml.dump(content, Dumper=_PlainDumper, **options))
