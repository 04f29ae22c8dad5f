"""Editions of one run → the forms a class is given."""
