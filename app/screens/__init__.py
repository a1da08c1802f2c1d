"""Screens made by hand: workbench, approvals inbox, sweep console, calendar, policies, people."""
