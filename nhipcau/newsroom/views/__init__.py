"""What the newsroom answers beside Wagtail's own pages."""
