"""The vector index at scale: a million credentials, with filters, beside the peers."""
