"""How records are read as skills, and how skills decide who gets what."""
