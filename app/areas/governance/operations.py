"""What other areas may ask of rules about who decides."""

from __future__ import annotations

from app.areas.governance.authority_rule import AuthorityRule

__all__ = ["AuthorityRule"]
