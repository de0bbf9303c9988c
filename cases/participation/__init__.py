"""What residents, deputies and volunteers have to do with the city's order (参与)."""
