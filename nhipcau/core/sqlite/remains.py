"""What is left of erased rows in the files of SQLite: in the full-text index until it is merged, in the log until it is cut."""

from django.db import connection

PAGES = 500  # merged at a time, so that nobody waits long


def overwrite() -> None:
    """Merge the index and cut the log; rows themselves are overwritten as they go (PRAGMA secure_delete).

    On PostgreSQL that is autovacuum's business. Within a transaction nothing has been written yet, and nothing is done.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    connection.ensure_connection()
    driver = connection.connection  # no page changes by this: nothing that watches statements has to hear of it
    # A first call with a negative number takes every part of the index in; https://sqlite.org/fts5.html, 6.8.
    pages, done = -PAGES, 2
    while done >= 2:
        before = driver.total_changes
        driver.execute("INSERT INTO core_search_fts(core_search_fts, rank) VALUES ('merge', ?)", [pages])
        pages, done = PAGES, driver.total_changes - before
    driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
