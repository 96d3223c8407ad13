"""What `kb lab` tells the Jupyter server: one language server, our own; no other program is looked for and started."""

import sys

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - Jupyter puts it there
c.LanguageServerManager.autodetect = False
c.LanguageServerManager.language_servers = {
    "kb": {
        "display_name": "formulary",
        "argv": [sys.executable, "-m", "kb.author.language_server"],
        "languages": ["yaml"],
        "mime_types": ["text/x-yaml", "text/yaml"],
        "requires_documents_on_disk": False,
        "version": 2,
    }
}
