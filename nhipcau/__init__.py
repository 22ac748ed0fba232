"""Nhịp Cầu runs a cooperation agreement from signature to proven results."""

__version__ = "0.1.0"
