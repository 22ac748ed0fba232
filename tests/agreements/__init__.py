"""Agreements, clauses and who may do what."""
