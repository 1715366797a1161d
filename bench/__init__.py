"""Bench: the portal's figures, each beside a control that is measured in the same run.

``python -m bench`` builds a seeded set once, keeps it, measures and prints one table. It looks at
the portal from outside (HTTP, files, ``/proc``) except where a goal names a part of it. It must
never touch a data folder that it has not made itself.
"""
