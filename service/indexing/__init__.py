"""The indexes as a view of the store: applied from the change log, never the truth."""
