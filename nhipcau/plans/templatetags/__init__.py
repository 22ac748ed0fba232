"""Template words about plans."""
