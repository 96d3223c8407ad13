"""The source beside the form: a PDF, picture or web page of the author's own machine, shown by the browser alone.

The file goes neither to the kernel nor into the repository; it is forgotten with the page. A picture can be pasted as well, such as
a table cut out of a PDF. A web page is shown without scripts and without anything from elsewhere.
"""

from __future__ import annotations

import anywidget

_SCRIPT = """
const PAGE = "<meta http-equiv='Content-Security-Policy' content=\\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\\">";
export default {
  render({ el }) {
    el.classList.add('kb-source');
    const bar = document.createElement('div');
    bar.className = 'kb-source-bar';
    const choose = document.createElement('label');
    choose.className = 'kb-source-choose';
    choose.textContent = 'Show the paper here: PDF, picture or web page (stays on this machine)';
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = '.pdf,.png,.jpg,.jpeg,.gif,.webp,.html,.htm,.txt,.csv';
    choose.append(input);
    const told = document.createElement('span');
    told.setAttribute('role', 'status');
    const room = document.createElement('div');
    room.className = 'kb-source-room';
    room.tabIndex = 0;
    room.hidden = true;
    const buttons = [];
    const button = (text, label, action) => {
      const made = document.createElement('button');
      made.type = 'button';
      made.textContent = text;
      made.setAttribute('aria-label', label);
      made.hidden = true;
      made.addEventListener('click', action);
      buttons.push(made);
      return made;
    };
    let address = '', size = 100;
    const zoom = (step) => {
      size = Math.min(400, Math.max(50, size + step));
      const picture = room.querySelector('img');
      if (picture) picture.style.width = `${size}%`;
    };
    bar.append(choose, button('−', 'Smaller', () => zoom(-25)), button('+', 'Larger', () => zoom(25)),
      button('Put away', 'Put the paper away', () => clear()), told);
    el.append(bar, room);
    const clear = () => {
      room.replaceChildren();
      room.hidden = true;
      buttons.forEach((one) => { one.hidden = true; });
      if (address) URL.revokeObjectURL(address);
      address = told.textContent = input.value = '';
    };
    const frame = (title) => {
      const made = document.createElement('iframe');
      made.title = title;
      return made;
    };
    const show = async (file) => {
      clear();
      const name = file.name || 'pasted picture';
      let made;
      if (file.type.startsWith('image/') && file.type !== 'image/svg+xml') {
        address = URL.createObjectURL(file);
        made = document.createElement('img');
        made.alt = name;
        made.src = address;
        size = 100;
      } else if (file.type === 'application/pdf') {
        address = URL.createObjectURL(file);
        made = frame(name);
        made.src = address;
      } else if (file.type.startsWith('text/')) {
        made = frame(name);
        made.setAttribute('sandbox', '');
        const text = await file.text();
        const plain = text.replace(/[&<]/g, (c) => (c === '&' ? '&amp;' : '&lt;'));
        made.srcdoc = PAGE + (file.type === 'text/html' ? text : `<pre>${plain}</pre>`);
      } else {
        told.textContent = `${name} cannot be shown; choose a PDF, a picture or a web page.`;
        return;
      }
      room.append(made);
      room.hidden = false;
      buttons.forEach((one, place) => { one.hidden = made.tagName !== 'IMG' && place < 2; });
      told.textContent = name;
    };
    input.addEventListener('change', () => { if (input.files.length) show(input.files[0]); });
    el.addEventListener('dragover', (event) => { event.preventDefault(); event.stopPropagation(); });
    el.addEventListener('drop', (event) => {
      event.preventDefault();
      event.stopPropagation();
      if (event.dataTransfer.files.length) show(event.dataTransfer.files[0]);
    });
    const paste = (event) => {
      const file = [...(event.clipboardData?.files ?? [])].find((one) => one.type.startsWith('image/'));
      if (file && el.closest('.kb-form')?.contains(document.activeElement)) { event.preventDefault(); show(file); }
    };
    document.addEventListener('paste', paste);
    return () => { document.removeEventListener('paste', paste); clear(); };
  },
};
"""
_STYLE = """
.kb-source { flex: 0 1 auto; display: flex; flex-direction: column; min-height: 28px; max-height: 60%; overflow: hidden; }
.kb-source-bar { display: flex; gap: 6px; align-items: center; flex-wrap: wrap; font-size: 13px; }
.kb-source-choose { position: relative; cursor: pointer; padding: 3px 10px;
  border: 1px dashed var(--jp-border-color1, #999); border-radius: 4px; }
.kb-source-choose:focus-within { outline: 2px solid var(--jp-brand-color1, #1976d2); }
.kb-source-choose input { position: absolute; opacity: 0; width: 1px; height: 1px; }
.kb-source-room { overflow: auto; margin-top: 4px; border: 1px solid var(--jp-border-color1, #ccc); border-radius: 4px; background: #fff; }
.kb-source-room img { width: 100%; max-width: none; display: block; }
.kb-source-room iframe { width: 100%; height: 38vh; border: 0; display: block; }
"""


class Source(anywidget.AnyWidget):
    """Shows a file that the author chooses, drops on it or pastes; nothing of it reaches the kernel."""

    _esm = _SCRIPT
    _css = _STYLE
