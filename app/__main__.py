"""``python -m app`` is the ``portal`` command."""

from app.commands import main

if __name__ == "__main__":
    main()
