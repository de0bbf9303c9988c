"""`python -m api.cli` is `jiexun`."""

from api.cli import main

main()
