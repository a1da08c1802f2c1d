"""Visits: call-backs and visits to customers."""
