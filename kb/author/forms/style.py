"""The look of the forms, in JupyterLab's own colours."""

import ipywidgets as w

CSS = """<style>
.kb-wrong { color: var(--jp-error-color0, #b00020); font-size: 13px; line-height: 1.35; }
.kb-advice { color: var(--jp-warn-color0, #8a5300); font-size: 13px; line-height: 1.35; }
.kb-list-head { font-weight: 600; }
.kb-note { padding: 8px 12px; border-left: 4px solid var(--jp-info-color0, #0277bd); line-height: 1.4;
  background: var(--jp-layout-color2, #eee); }
.kb-note.kb-good { border-color: var(--jp-success-color0, #2e7d32); }
.kb-note.kb-bad { border-color: var(--jp-error-color0, #b00020); }
.kb-quiet { color: var(--jp-ui-font-color2, #555); font-size: 13px; }
.kb-table { border-collapse: collapse; font-size: 13px; line-height: 1.35; }
.kb-table th, .kb-table td { text-align: left; vertical-align: top; padding: 3px 10px 3px 0;
  border-bottom: 1px solid var(--jp-border-color2, #ddd); }
.kb-table pre { margin: 0; white-space: pre-wrap; font-size: 12px; }
.kb-entry { text-align: left; }
.kb-big { font-size: 18px; font-weight: 600; }
.kb-form h3 { margin: 10px 0 4px; }
</style>"""


def style() -> w.HTML:
    return w.HTML(CSS)


def note(text: str, tone: str = "") -> str:
    """A message; `tone` is `good`, `bad` or nothing. The text is HTML."""
    return f'<div class="kb-note{f" kb-{tone}" if tone else ""}" role="status">{text}</div>'
