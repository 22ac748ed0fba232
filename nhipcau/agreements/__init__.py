"""What was signed: agreement, parties, signatories, clauses, and who may do what."""
