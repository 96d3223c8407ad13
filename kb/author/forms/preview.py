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
    frame.tabIndex = -1; // Tab goes from the fields to Save, not through every link of the page; F6 leads into it
    el.classList.add('kb-preview-room');
    el.appendChild(frame);
    let seen = '', top = null;
    const settle = () => {
      const page = frame.contentDocument, anchor = model.get('anchor');
      if (!page || !page.body || !frame.clientHeight) return; // in a tab that is not shown
      if (seen === anchor && top !== null) { frame.contentWindow.scrollTo(0, top); return; }
      const place = anchor && page.getElementById(anchor);
      if (!place) return;
      for (let up = place; up; up = up.parentElement) if (up.tagName === 'DETAILS') up.open = true;
      if (place.querySelector('details')) place.querySelector('details').open = true;
      place.style.outline = '3px solid var(--accent, #06c)';
      frame.contentWindow.scrollTo(0, place.getBoundingClientRect().top + frame.contentWindow.scrollY - 8);
      seen = anchor;
    };
    const show = () => {
      if (seen === model.get('anchor') && frame.clientHeight && frame.contentWindow) top = frame.contentWindow.scrollY;
      else top = null;
      frame.onload = settle;
      frame.srcdoc = model.get('html');
    };
    model.on('change:html', show);
    show();
    // A form that has just been opened comes into sight as a whole; and the place is found when its tab is shown.
    let fresh = true;
    const watch = new IntersectionObserver((sights) => {
      if (sights.some((s) => s.isIntersecting) && seen !== model.get('anchor')) settle();
    });
    watch.observe(frame);
    const arrive = () => {
      const form = el.closest('.kb-form');
      if (!form || !form.clientHeight) { setTimeout(arrive, 100); return; }
      if (fresh) form.scrollIntoView({ block: 'start' });
      fresh = false;
    };
    setTimeout(arrive, 100);
    return () => { fresh = false; watch.disconnect(); };
  },
};
"""
_STYLE = """
.kb-preview-room { flex: 1 1 auto; min-height: 240px; height: 100%; display: flex; overflow: hidden; }
.kb-preview { flex: 1 1 auto; width: 100%; min-height: 240px; box-sizing: border-box; background: #fff;
  border: 1px solid var(--jp-border-color1, #ccc); border-radius: 4px; }
"""


class Preview(anywidget.AnyWidget):
    """`html` is a whole document; `anchor` the id of the part of it that is being worked on."""

    _esm = _SCRIPT
    _css = _STYLE
    html = traitlets.Unicode("").tag(sync=True)
    anchor = traitlets.Unicode("").tag(sync=True)
