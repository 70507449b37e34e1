"""What makes the generated pages of the manual, and runs the examples in all of them."""
