"""The commands as they are typed. What they need is imported only when one runs."""
