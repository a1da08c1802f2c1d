"""Customers: files, contacts, classes and what is known of them."""
