"""Every test of this folder writes for real, so that other processes see it, and begins as the migrations left it."""

from tests.e2e.fixtures import _django_db_helper, empty_tables, tables

__all__ = ["_django_db_helper", "empty_tables", "tables"]
