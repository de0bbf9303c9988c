"""What patrol vehicles send: frames and recordings on the disk between the doors, which take them, and the worker."""
