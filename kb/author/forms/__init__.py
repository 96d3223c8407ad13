"""The authoring forms as ipywidgets; what they do is in the sessions of `kb.author`."""
