"""Foreign and native formats in, domain records out: one file for each format."""
