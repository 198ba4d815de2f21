"""Where records are kept: one SQLite file, with the log of all that changed in it."""

from service.storage.codec import canonical_body, content_hash
from service.storage.sqlite import STORE_FILE, SqliteStore

__all__ = ["STORE_FILE", "SqliteStore", "canonical_body", "content_hash"]
