"""News of the programme."""
