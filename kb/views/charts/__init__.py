"""Charts as SVG, each with the same figures as a table."""
