"""The doors: command line, settings, city file, store, web pages and the wiring between them."""
