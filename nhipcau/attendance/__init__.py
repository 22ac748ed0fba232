"""Who comes: registration, admission code, reception desk."""
