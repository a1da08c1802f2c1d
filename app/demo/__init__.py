"""Demo companies that have worked with the portal for some months."""

from app.demo.company import accounts, seed

__all__ = ["accounts", "seed"]
