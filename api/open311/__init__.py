"""Open311 GeoReport v2, as a server: other systems file requests here and follow them."""
