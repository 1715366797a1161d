"""The indexer: from new hooks to a searchable index, in a process of its own.

Naming finds which conversation each hook belongs to and carries out what was asked; it never
waits for the engine. Indexing folds what changed, flattens it and puts it into the engine. A
crash anywhere repeats idempotent work.
"""

from app.indexer.work import Indexer

__all__ = ["Indexer"]
