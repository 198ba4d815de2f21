"""HTML for people: one page to try Onramp on."""
