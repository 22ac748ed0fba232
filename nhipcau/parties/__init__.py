"""Who there is: organisations, people, accounts and dated roles."""
