"""The pages about accounts: the register, one's own, the entrance."""
