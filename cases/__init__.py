"""What the city does about what the cameras saw: cases, states, duty list, filing."""
