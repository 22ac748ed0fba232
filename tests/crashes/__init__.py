"""Real processes on loopback, killed and starved; afterwards the books are checked."""
