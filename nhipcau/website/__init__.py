"""The public face: composes pages from the rooms below, owns no table."""
