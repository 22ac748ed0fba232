"""What is proven: the append-only ledger, its verification, what an indicator counts, the trace."""
