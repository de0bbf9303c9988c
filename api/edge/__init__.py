"""Edge boxes: findings are made beside the cameras and travel to the centre when the link allows."""
