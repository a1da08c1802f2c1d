"""The company that works by B02, on each database."""

from tests.company import portal

__all__ = ["portal"]
