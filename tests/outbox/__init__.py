"""Mail going out."""
