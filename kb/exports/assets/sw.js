// The site without a connection. What is opened is kept; the first visit keeps the tools and the emergency cards, and what the
// tools compare and ask as soon as the page is there; a button keeps all.
// With a connection the newest comes first, so that nobody acts on a page that has been corrected since; what is kept answers when the
// network does not, or takes too long to.
// A release has a store of its own, and an older one is thrown away when it takes over. Served over http(s) only.
"use strict";
/* global VERSION, CORE, TOOLS -- put before this by kb/exports/site_offline.py */
const STORE = `kb-${VERSION}`;
const AWAY = "offline.html";
const PATIENCE_MS = 4000;

const fileOf = (url) => {
  const path = new URL(url);
  path.search = path.hash = "";
  return path.pathname.endsWith("/") ? `${path.href}index.html` : path.href;
};

// The network's answer, or a failure after a while: a phone with one bar of signal would wait for minutes.
const timely = (request) => new Promise((answered, failed) => {
  setTimeout(() => failed(new Error("the network takes too long")), PATIENCE_MS);
  fetch(request, { cache: "no-cache" }).then(answered, failed); // a copy of the browser's own may be as old as the kept one
});

// A new release's store is never filled from the browser's own copies of an older one.
const anew = (file) => new Request(file, { cache: "reload" });

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(STORE).then((store) => store.addAll(CORE.map(anew))).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("kb-") && name !== STORE);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  event.respondWith((async () => {
    const store = await caches.open(STORE);
    const kept = await store.match(fileOf(request.url));
    try {
      const got = await (kept ? timely(request) : fetch(request));
      if (got.ok && !got.redirected) await store.put(fileOf(request.url), got.clone());
      return got;
    } catch (error) {
      if (kept) return kept;
      if (request.mode !== "navigate") throw error;
      return Response.redirect(new URL(AWAY, self.registration.scope).href, 302);
    }
  })());
});

async function keep(files, tell) {
  const store = await caches.open(STORE);
  for (let done = 0; done < files.length; done += 40) {
    const missing = [];
    for (const file of files.slice(done, done + 40)) if (!(await store.match(new URL(file, self.registration.scope).href))) missing.push(file);
    await store.addAll(missing.map(anew));
    tell({ done: Math.min(done + 40, files.length), of: files.length });
  }
}
const everything = async () => (await (await fetch(anew("SHA256SUMS"))).text()).trim().split("\n").map((line) => line.slice(66));

// What the tools need. They are kept in order, so with the last one all are; every page asks, and most are told at once.
async function keepTools() {
  const store = await caches.open(STORE);
  if (!(await store.match(new URL(TOOLS.at(-1), self.registration.scope).href))) await keep(TOOLS, () => {});
}

// `keep-all` keeps every file of the site, and the page that asked hears how far it is; `keep-tools` what the tools need: it hears when.
self.addEventListener("message", (event) => {
  const tell = (told) => event.source.postMessage(told);
  if (event.data === "keep-all") event.waitUntil(everything().then((files) => keep(files, tell)).catch(() => tell({ failed: true })));
  if (event.data === "keep-tools") event.waitUntil(keepTools().then(() => tell({ tools: true })).catch(() => {})); // the next page asks again
});
