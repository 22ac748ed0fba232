"""Mail going out: a row in the same transaction, sent later, never lost, never twice."""
