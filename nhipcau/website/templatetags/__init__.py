"""Words for the public pages."""
