"""Torture: a checker of its own that kills, floods and poisons a running portal and counts.

``python -m torture`` runs every test and prints seed, counts, PASS or FAIL. The checker keeps its
own list of what was acknowledged and reads the archive with plain SQL, never with the portal's
code.
"""
