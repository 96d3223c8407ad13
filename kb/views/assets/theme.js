// Runs before the first paint: the reader's choice of colours (kept on this machine only) and marks that script works and a plan is asked for.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  if (location.hash.includes("=")) root.classList.add("has-plan"); // asked for in the address: nothing is said before it is checked
  try {
    const chosen = localStorage.getItem("kb-theme");
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  } catch { /* storage refused: the system's colours hold */ }
  if (!root.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches) root.dataset.theme = "dark";
})();
