"""The nouns: tables declared once, and the records that hold them."""
