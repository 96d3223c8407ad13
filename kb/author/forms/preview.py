"""The preview beside a form: the reader's page in a frame that runs no script and keeps its place while it changes."""

from __future__ import annotations

import anywidget
import traitlets

_SCRIPT = """
export default {
  render({ model, el }) {
    const frame = document.createElement('iframe');
    // No script runs inside; the frame shares our origin only so that its place can be kept.
    frame.setAttribute('sandbox', 'allow-same-origin allow-popups allow-popups-to-escape-sandbox');
    frame.title = 'Preview: what readers will see';
    frame.className = 'kb-preview';
    el.appendChild(frame);
    let seen = '';
    const show = () => {
      const anchor = model.get('anchor');
      const top = seen === anchor && frame.contentWindow ? frame.contentWindow.scrollY : null;
      frame.onload = () => {
        const page = frame.contentDocument;
        if (!page) return;
        if (top !== null) { frame.contentWindow.scrollTo(0, top); return; }
        const place = anchor && page.getElementById(anchor);
        if (!place) return;
        for (let up = place; up; up = up.parentElement) if (up.tagName === 'DETAILS') up.open = true;
        if (place.querySelector('details')) place.querySelector('details').open = true;
        place.scrollIntoView();
        place.style.outline = '3px solid var(--accent, #06c)';
        seen = anchor;
      };
      frame.srcdoc = model.get('html');
    };
    model.on('change:html', show);
    show();
  },
};
"""
_STYLE = ".kb-preview { width: 100%; height: 80vh; min-height: 420px; border: 1px solid var(--jp-border-color1, #ccc); background: #fff; }"


class Preview(anywidget.AnyWidget):
    """`html` is a whole document; `anchor` the id of the part of it that is being worked on."""

    _esm = _SCRIPT
    _css = _STYLE
    html = traitlets.Unicode("").tag(sync=True)
    anchor = traitlets.Unicode("").tag(sync=True)
