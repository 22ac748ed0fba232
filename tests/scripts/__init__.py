"""The words one starts the product with."""
