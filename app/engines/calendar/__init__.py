"""Working calendars: which days and office hours count, seeded, edited and announced."""
