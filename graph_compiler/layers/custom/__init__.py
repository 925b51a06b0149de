"""Keras layer classes of our own (`of_...`), their one registry, and specs made of them."""
