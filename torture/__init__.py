"""Torture: a checker of its own that kills, floods and poisons a running portal and counts.

``python -m torture`` runs every test and prints seed, counts, PASS or FAIL. What was sent and
acknowledged is kept in a ledger of the checker's own; the archive is read with plain SQL. Nothing
here may import the portal's code: a checker that shares its mistakes would confirm them.
"""
