"""What is told: phase reports drawn from the ledger, frozen with a digest."""
