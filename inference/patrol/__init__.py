"""Moving eyes: what a patrol vehicle saw, where that stands on the ground, and what came of it."""
