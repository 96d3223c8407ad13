"""The base for assistants: a Model Context Protocol server whose every answer is short, cited and dated."""
