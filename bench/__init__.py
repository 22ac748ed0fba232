"""Measurements: how much processor time, SQL and memory the product takes, beside a bare Django view in the same run."""
