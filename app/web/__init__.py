"""The web: the hook door, the pages, the API, and who may see them."""
