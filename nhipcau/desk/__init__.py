"""The staff home: composes pages from the rooms below, owns no table."""
