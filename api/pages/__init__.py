"""What people look at: pages made on the server, in Chinese and English."""
