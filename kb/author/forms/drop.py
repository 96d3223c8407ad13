"""A place to drop files on, or to choose them with a click. What is dropped travels to the kernel in pieces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

LARGEST = 50_000_000
"""Bytes of one file. A PubMed export of five thousand entries, the most that is read at once, has about thirty million."""

_SCRIPT = """
const PIECE = 1000000; // a message of a notebook may not be much larger
export default {
  render({ model, el }) {
    const area = document.createElement('label');
    area.className = 'kb-drop';
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.accept = model.get('accept');
    const words = document.createElement('span');
    const told = document.createElement('span');
    told.setAttribute('role', 'status');
    area.append(input, words, told);
    el.appendChild(area);
    const caption = () => { words.textContent = model.get('caption'); };
    model.on('change:caption', caption);
    caption();
    const send = async (files) => {
      for (const file of files) {
        const largest = model.get('largest');
        if (file.size > largest) {
          told.textContent = ` ${file.name} is larger than ${largest / 1e6} MB; save it in several parts.`;
          continue;
        }
        told.textContent = ` Reading ${file.name} …`;
        const pieces = Math.max(1, Math.ceil(file.size / PIECE));
        for (let n = 0; n < pieces; n++) {
          const data = await file.slice(n * PIECE, (n + 1) * PIECE).arrayBuffer();
          model.send({ name: file.name, piece: n, of: pieces }, undefined, [data]);
        }
        told.textContent = '';
      }
    };
    input.addEventListener('change', () => { send([...input.files]).then(() => { input.value = ''; }); });
    const over = (event) => { event.preventDefault(); event.stopPropagation(); area.classList.add('kb-over'); };
    area.addEventListener('dragenter', over);
    area.addEventListener('dragover', over);
    area.addEventListener('dragleave', () => area.classList.remove('kb-over'));
    area.addEventListener('drop', (event) => {
      event.preventDefault();
      event.stopPropagation();
      area.classList.remove('kb-over');
      send([...event.dataTransfer.files]);
    });
  },
};
"""
_STYLE = """
.kb-drop { display: block; padding: 18px 14px; margin: 2px 2% 6px 2px; text-align: center; cursor: pointer;
  border: 2px dashed var(--jp-border-color1, #999); border-radius: 6px; background: var(--jp-layout-color1, #fff);
  color: var(--jp-ui-font-color1, #222); font-size: 14px; }
.kb-drop:hover, .kb-drop:focus-within, .kb-drop.kb-over { border-color: var(--jp-brand-color1, #1976d2);
  background: var(--jp-layout-color2, #eee); }
.kb-drop input { position: absolute; opacity: 0; width: 1px; height: 1px; }
"""


class Drop(anywidget.AnyWidget):
    """Calls `arrived(name, data)` for every file that has come in whole."""

    _esm = _SCRIPT
    _css = _STYLE
    caption = traitlets.Unicode("").tag(sync=True)
    accept = traitlets.Unicode("").tag(sync=True)
    largest = traitlets.Int(LARGEST).tag(sync=True)

    def __init__(self, arrived: Callable[[str, bytes], None], **options: Any) -> None:
        super().__init__(**options)
        self._arrived = arrived
        self._pieces: dict[str, list[bytes]] = {}
        self.on_msg(self._piece)

    def _piece(self, _widget: Any, content: dict[str, Any], buffers: list[Any]) -> None:
        """One piece of a file; they come in order. A file that does not come to its end is forgotten with the widget."""
        name = str(content["name"])
        if content["piece"] == 0:
            self._pieces[name] = []
        held = self._pieces.get(name)
        if held is None or len(held) != content["piece"]:
            return
        held.append(bytes(buffers[0]) if buffers else b"")
        if len(held) == content["of"] or sum(map(len, held)) > LARGEST:
            self._arrived(name, b"".join(self._pieces.pop(name)))
