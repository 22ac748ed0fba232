"""The database itself keeps the last administrator: not even a hand in the tables leaves none."""

from typing import Any

from django.db import migrations

# The number of the lock is any of our own: whoever takes an administrator away waits for whoever does so already.
SQLITE = """
CREATE TRIGGER parties_keep_an_administrator BEFORE UPDATE OF is_superuser, is_active ON parties_user
WHEN OLD.is_superuser AND OLD.is_active AND NOT (NEW.is_superuser AND NEW.is_active)
  AND NOT EXISTS (SELECT 1 FROM parties_user WHERE id <> OLD.id AND is_superuser AND is_active)
BEGIN SELECT RAISE(ABORT, 'the last administrator stays'); END
"""
POSTGRESQL = """
CREATE FUNCTION parties_keep_an_administrator() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(760411021);
  IF NOT EXISTS (SELECT 1 FROM parties_user WHERE id <> OLD.id AND is_superuser AND is_active) THEN
    RAISE EXCEPTION 'the last administrator stays' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER parties_keep_an_administrator BEFORE UPDATE OF is_superuser, is_active ON parties_user FOR EACH ROW
WHEN (OLD.is_superuser AND OLD.is_active AND NOT (NEW.is_superuser AND NEW.is_active))
EXECUTE FUNCTION parties_keep_an_administrator();
"""


def raise_it(apps: Any, editor: Any) -> None:
    """Put the guard up."""
    editor.execute(SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL, params=None)


def lower_it(apps: Any, editor: Any) -> None:
    """Take the guard down."""
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TRIGGER IF EXISTS parties_keep_an_administrator")
    else:
        editor.execute("DROP TRIGGER IF EXISTS parties_keep_an_administrator ON parties_user")
        editor.execute("DROP FUNCTION IF EXISTS parties_keep_an_administrator()")


class Migration(migrations.Migration):
    """One trigger on each kind of database."""

    dependencies = [("parties", "0007_accounts_and_stand_ins")]

    operations = [migrations.RunPython(raise_it, lower_it, elidable=False)]
