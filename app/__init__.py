"""Transcript Portal: takes Smartsupp's hooks, loses none, and makes conversations searchable."""
