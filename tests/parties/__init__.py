"""Organisations, people and accounts."""
