"""Patrols (巡查): which streets vehicles have seen, where they go next, and who is on duty in them."""
