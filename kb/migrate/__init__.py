"""Carrying a checkout from an older form of its files to the present one, step by step."""
