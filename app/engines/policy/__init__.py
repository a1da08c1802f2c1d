"""Policies as data: packs and their versions, who adopted what, and what follows for a case."""
