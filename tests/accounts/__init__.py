"""Accounts: invited, given roles, closed; second factor; stand-ins."""
