"""`python -m api.cli` is `jiexun`."""

from api.cli import main

if __name__ == "__main__":
    main()
