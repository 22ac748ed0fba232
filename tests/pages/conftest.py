"""The browser's fixtures for this folder."""

from tests.e2e.fixtures import _django_db_helper, browser, open_as, server, tables

__all__ = ["_django_db_helper", "browser", "open_as", "server", "tables"]
