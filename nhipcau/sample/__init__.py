"""The sample programme, written through the same services that people use."""
