"""What the camera saw: frames in, findings with evidence out."""
