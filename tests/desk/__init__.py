"""The staff home."""
