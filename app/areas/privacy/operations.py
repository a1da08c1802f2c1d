"""What other areas may ask of accounts and who works with them."""

from __future__ import annotations

from app.areas.privacy.access_grant import AccessGrant
from app.areas.privacy.account_login import AccountLogin

__all__ = ["AccessGrant", "AccountLogin"]
