"""The API under load: how fast, how much, and what becomes of those who come too many."""
