"""Template words about agreements."""
