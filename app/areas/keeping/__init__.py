"""Keeping of customers: allocation by balanced load, daily work on the files, who gets a manager, accounts of shops."""
