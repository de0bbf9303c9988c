"""Calls to addresses that a city file names, without letting them lead us into our own network."""
