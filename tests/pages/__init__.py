"""Every page, in both languages, at both widths."""
