"""The newsroom's template vocabulary."""
