"""What other areas may ask of the archive."""

from __future__ import annotations

from app.areas.archives.archive_item import ArchiveItem

__all__ = ["ArchiveItem"]
