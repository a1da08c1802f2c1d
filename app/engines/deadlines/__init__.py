"""Deadlines: running clocks on rows, and when they are due."""
