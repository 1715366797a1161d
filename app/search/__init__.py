"""The wing of search: text to tokens, queries, engines, marks.

It knows nothing of vendors and payloads, and never imports the other wing.
"""
