"""Keys, Roman numerals, cadences and embellishments of a finished score, by exact inference."""
