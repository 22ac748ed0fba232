"""Template vocabulary of core."""
