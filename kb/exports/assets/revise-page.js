// Revision on the static site: what session.js asks of a server is answered here. Questions lie in files of some forty each (a page
// opened from a file may fetch nothing, but load a script); the card that is shown stands in the address after "#".
(() => {
  "use strict";
  const { kb, kbRevise: data } = window;
  const main = document.getElementById("main");
  const bank = document.getElementById("revise-bank");
  if (!data || !bank) return;
  const cards = new window.kbCards(data.model);
  const place = new Map(JSON.parse(bank.dataset.bank).map(([id], at) => [id, Math.floor(at / data.size)]));
  document.body.append(bank); // it outlives the card that is shown
  const home = main.innerHTML;

  const loaded = (n) => kb.load(`revise/${n}.js`);

  kb.ask = async ({ op, card, rating }) => {
    if (op !== "review") throw new Error(op);
    return rating ? { card: cards.review(card, rating) } : { due: cards.preview(card) };
  };
  kb.go = (href) => {
    const id = new URL(href, location.href).searchParams.get("question");
    if (!href.startsWith("revise")) location.assign(href);
    else if (location.hash === `#${id ?? ""}`) show();
    else location.hash = id ?? "";
  };

  let latest = 0; // a card that comes when the reader has left for another place is not shown any more
  kb.turn = () => latest;
  async function show() {
    const mine = ++latest;
    const id = decodeURIComponent(location.hash.slice(1));
    main.removeAttribute("aria-busy");
    if (!place.has(id)) main.innerHTML = home;
    else {
      main.setAttribute("aria-busy", "true");
      try {
        await loaded(place.get(id));
        if (mine !== latest) return;
        main.innerHTML = window.kbQuestions[id] + data.tail;
      } catch {
        if (mine !== latest) return;
        main.innerHTML = home;
        main.querySelector("[data-revise-said]").textContent = "This question could not be loaded. Its file is missing beside this page, or the connection is gone.";
      }
      main.removeAttribute("aria-busy");
    }
    kb.enhance(main);
    scrollTo(0, 0);
    const heading = main.querySelector("h1");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
  addEventListener("hashchange", show);
  document.addEventListener("DOMContentLoaded", () => { if (place.has(decodeURIComponent(location.hash.slice(1)))) show(); });
})();
