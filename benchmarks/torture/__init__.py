"""Faults done to the real thing: killed, starved of space, lied to, damaged, and then looked at."""
