"""The look of the forms, in JupyterLab's own colours.

A form fills one screen: the fields scroll on the left, the reader's page on the right, and what saves stays in sight below.
"""

import ipywidgets as w

CSS = """<style>
.kb-form .widget-html-content, .kb-desk .widget-html-content { line-height: 1.4; }
.kb-form h2 { margin: 6px 0 2px; font-size: 20px; }
.kb-form h2 small { font-weight: 400; font-size: 13px; color: var(--jp-ui-font-color2, #555); margin-left: 8px; }
.kb-form h3, .kb-desk h3 { margin: 12px 0 4px; font-size: 16px; }
.kb-columns { gap: 12px; }
.kb-fields, .kb-page { height: calc(100vh - 325px); min-height: 380px; box-sizing: border-box; }
.kb-fields { overflow: hidden auto; padding: 6px 4px 24px 6px; scrollbar-gutter: stable;
  border: 1px solid var(--jp-border-color1, #ccc); border-radius: 4px; }
.kb-fields .widget-vbox, .kb-fields .widget-hbox { overflow: visible; }
.kb-fields textarea { font-family: var(--jp-ui-font-family, sans-serif); }
.kb-page { overflow: hidden; }
.kb-page h3 { margin-top: 0; }
.kb-panel { flex: 0 1 auto; max-height: 40%; overflow: auto; }
.kb-page .widget-tab { flex: 1 1 auto; min-height: 0; }
.kb-page .widget-tab-contents { padding: 8px 0 0; flex: 1 1 auto; min-height: 0; overflow: hidden auto; border: none; }
.kb-page .jupyter-widget-stack, .kb-page .widget-stack { height: 100%; }
.kb-wrong { color: var(--jp-error-color0, #b00020); font-size: 13px; line-height: 1.35; }
.kb-advice { color: var(--jp-warn-color0, #8a5300); font-size: 13px; line-height: 1.35; }
.kb-desk .widget-inline-hbox { height: auto; overflow: visible; }
.kb-desk .widget-dropdown > select { height: 28px; flex: 1 1 auto; }
.kb-desk .widget-inline-hbox > .widget-label { white-space: normal; overflow: visible; height: auto; min-height: 28px;
  line-height: 1.2; display: flex; align-items: center; justify-content: flex-end; }
.kb-list-head { font-weight: 600; text-align: right; line-height: 1.2; padding-top: 5px; }
.kb-note { padding: 8px 12px; border-left: 4px solid var(--jp-info-color0, #0277bd); line-height: 1.4;
  background: var(--jp-layout-color2, #eee); }
.kb-note.kb-good { border-color: var(--jp-success-color0, #2e7d32); }
.kb-note.kb-bad { border-color: var(--jp-error-color0, #b00020); }
.kb-quiet { color: var(--jp-ui-font-color2, #555); font-size: 13px; }
.kb-tag { display: inline-block; padding: 1px 8px; border-radius: 9px; font-size: 12px; font-weight: 600;
  background: var(--jp-layout-color2, #eee); border: 1px solid var(--jp-border-color1, #ccc); }
.kb-tag.kb-good { border-color: var(--jp-success-color0, #2e7d32); color: var(--jp-success-color0, #2e7d32); }
.kb-tag.kb-bad { border-color: var(--jp-error-color0, #b00020); color: var(--jp-error-color0, #b00020); }
.kb-card { border: 1px solid var(--jp-border-color2, #ddd); border-radius: 4px; padding: 8px 12px; margin: 0 0 10px; }
.kb-table { border-collapse: collapse; font-size: 13px; line-height: 1.35; }
.kb-table th, .kb-table td { text-align: left; vertical-align: top; padding: 3px 10px 3px 0;
  border-bottom: 1px solid var(--jp-border-color2, #ddd); }
.kb-table pre { margin: 0; white-space: pre-wrap; font-size: 12px; }
.kb-table tr.kb-differs td { background: var(--jp-warn-color3, #fff3cd); color: #1c1c1c; }
.kb-entry { text-align: left; }
.kb-big { font-size: 18px; font-weight: 600; }
.kb-tasks { display: flex; flex-wrap: wrap; gap: 8px; margin: 4px 0 10px; }
.kb-task { padding: 14px 18px; border: 1px solid var(--jp-brand-color1, #1976d2); border-radius: 4px; font-size: 15px; font-weight: 600;
  text-decoration: none; color: var(--jp-brand-color1, #1976d2); }
.kb-desk li { margin: 2px 0; }
.kb-desk summary { cursor: pointer; font-weight: 600; padding: 2px 0; }
</style>"""


def style() -> w.HTML:
    return w.HTML(CSS)


def note(text: str, tone: str = "") -> str:
    """A message; `tone` is `good`, `bad` or nothing. The text is HTML."""
    return f'<div class="kb-note{f" kb-{tone}" if tone else ""}" role="status">{text}</div>'


def tag(text: str, tone: str = "") -> str:
    """One or two words in a frame; the text is HTML."""
    return f'<span class="kb-tag{f" kb-{tone}" if tone else ""}">{text}</span>'
