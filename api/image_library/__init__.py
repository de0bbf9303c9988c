"""Pictures that other systems push by GA/T 1400 (视图库): registration, and images as frames."""
