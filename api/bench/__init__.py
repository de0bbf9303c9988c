"""What the path from camera to finding costs on this machine, as ratios measured side by side in one run."""
