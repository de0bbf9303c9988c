"""Delivery to an Open311 server: GeoReport v2, as a client."""
