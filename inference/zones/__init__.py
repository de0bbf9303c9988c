"""Places in the picture, and when something holds there."""
