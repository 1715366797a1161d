"""Real Elasticsearch nodes on the loopback, for tests, bench and torture.

The server comes through Maven, runs as an ordinary user in a folder of its own and ends with who
started it. Nothing of the product imports this.
"""
