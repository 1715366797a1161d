"""The archive: every hook byte for byte in ``hooks.db``, what follows from them in ``state.db``.

Two files, because a second busy writer in the first would cost acknowledgements their speed.
"""
