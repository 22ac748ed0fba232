"""The browser's fixtures for this folder."""

from tests.e2e.fixtures import _django_db_helper, browser, empty_tables, open_as, server, tables

__all__ = ["_django_db_helper", "browser", "empty_tables", "open_as", "server", "tables"]
