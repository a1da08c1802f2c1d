"""Notices to people: kept in the business transaction, shown in the bell, sent on by channels after the commit."""
