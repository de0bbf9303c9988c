"""What is made for paper: PDF files with their fonts in them."""
