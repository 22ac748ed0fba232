"""Whole journeys across rooms."""
