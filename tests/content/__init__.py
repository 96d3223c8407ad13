"""The engine apart from its content: another field's base, and content as a package."""
