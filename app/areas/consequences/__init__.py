"""Consequences: what follows a decided case in money and discipline, whatever the policy."""
