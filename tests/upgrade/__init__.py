"""Data of earlier releases, brought forward."""
