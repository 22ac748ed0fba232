"""The browser's fixtures for this folder."""

from tests.e2e.fixtures import browser, open_as, server, tables

__all__ = ["browser", "open_as", "server", "tables"]
