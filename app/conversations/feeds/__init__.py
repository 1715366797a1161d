"""One module per feed: from a vendor's payload to a conversation. Nothing else knows a vendor."""
