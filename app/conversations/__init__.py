"""The wing of conversations: what a payload says, and which of several payloads counts.

Pure. It knows no database, no search and no web, and never imports the other wing.
"""
