// A page that was run as a notebook has a kernel of its own: one comm over Jupyter's kernel websocket, opened again when it
// was lost. Whatever the kernel leaves unanswered for long is asked of the server instead (session.js).
(() => {
  "use strict";
  const kb = window.kb;
  const page = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  if (!page.kernelId) return;
  const server = new URL(page.baseUrl, location.origin);
  const ANSWER_MS = 2500;
  const AGAIN_MS = [500, 2000, 8000];
  const uuid = () => (crypto.randomUUID ? crypto.randomUUID() : [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join(""));
  const client = uuid();
  const waiting = new Map();
  const root = document.documentElement;
  let commId = "";
  let socket = null;
  let ready = false;
  let asked = 0;
  let lost = 0;

  function send(type, content) {
    socket.send(JSON.stringify({
      channel: "shell",
      header: { msg_id: uuid(), msg_type: type, session: client, username: "", version: "5.3", date: new Date().toISOString() },
      parent_header: {}, metadata: {}, content: { comm_id: commId, ...content }, buffers: [],
    }));
  }
  function connect() {
    commId = uuid();
    const url = new URL(`api/kernels/${page.kernelId}/channels?session_id=${client}`, server);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    socket = new WebSocket(url);
    socket.onopen = () => send("comm_open", { target_name: "kb", data: {} });
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data);
      if (message.header?.msg_type !== "comm_msg" || message.content.comm_id !== commId) return;
      const answer = message.content.data;
      if (answer.ready) {
        ready = true;
        lost = 0;
        root.dataset.kernel = "open";
        return;
      }
      const pending = waiting.get(answer.id);
      waiting.delete(answer.id);
      if (pending) answer.error ? pending.reject(new Error(answer.error)) : pending.resolve(answer);
    };
    socket.onclose = (event) => {
      ready = false;
      root.dataset.kernel = "closed";
      for (const { reject } of waiting.values()) reject(new Error("closed"));
      waiting.clear();
      if (event.code !== 1001 && lost < AGAIN_MS.length) setTimeout(connect, AGAIN_MS[lost++]); // 1001: the kernel has ended
    };
  }
  kb.kernel = {
    ready: () => ready,
    ask(request) {
      const id = ++asked;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => { waiting.delete(id); reject(new Error("no answer")); }, ANSWER_MS);
        const done = (settle) => (value) => { clearTimeout(timer); settle(value); };
        waiting.set(id, { resolve: done(resolve), reject: done(reject) });
        send("comm_msg", { data: { id, ...request } });
      });
    },
  };
  // Tell the server at once that this kernel is free; it would find out by itself a minute later.
  addEventListener("pagehide", () => navigator.sendBeacon?.(new URL(`session/${page.kernelId}/end`, server)));
  connect();
})();
