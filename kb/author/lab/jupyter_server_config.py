"""What `kb lab` tells the Jupyter server.

One language server, our own; no other program is looked for and started. Author notebooks are saved without output, and open
as pages: JupyterLab runs them itself and shows no code.
"""

import sys
from pathlib import Path

from kb.author.notebook_files import without_output

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - Jupyter puts it there
c.LanguageServerManager.autodetect = False
c.LanguageServerManager.language_servers = {
    "kb": {
        "display_name": "formulary",
        "argv": [sys.executable, "-m", "kb.language"],
        "languages": ["yaml"],
        "mime_types": ["text/x-yaml", "text/yaml"],
        "requires_documents_on_disk": False,
        "version": 2,
    }
}
c.ContentsManager.pre_save_hook = without_output
c.LabServerApp.extra_labextensions_path = [str(Path(__file__).parent / "extensions")]
