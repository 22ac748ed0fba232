"""Accounts: invited by link, given roles by date, closed, with a second factor; and who stands in for whom."""
