"""The desk's pages about evidence, one module a subject."""
