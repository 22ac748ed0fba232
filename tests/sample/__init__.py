"""The sample a first start shows."""
