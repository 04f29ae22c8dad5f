// What a reader is told while the page is being made, and when it has come to a stop.
// Voilà calls window.voila_heartbeat and voila_finish by name; everything else is ours.
window.kitApp = (() => {
  "use strict";
  const words = JSON.parse(document.getElementById("kit-words").textContent);
  const state = document.getElementById("kit-state");
  const bar = document.getElementById("kit-progress");
  const doing = document.getElementById("kit-doing");
  const said = document.getElementById("kit-said");
  const cells = () => document.getElementById("kit-cells");
  const WAITING = ".voila-skeleton-container";

  /** Light or dark, for what looks at JupyterLab's attributes instead of the system's wish. */
  const dark = matchMedia("(prefers-color-scheme: dark)");
  function dress() {
    document.body.dataset.jpThemeLight = String(!dark.matches);
    document.body.dataset.jpThemeName = dark.matches ? "JupyterLab Dark" : "JupyterLab Light";
  }
  dress();
  dark.addEventListener("change", dress);

  function told(done, total) {
    bar.max = total;
    bar.value = done;
    doing.textContent = words.making.replace("{done}", done).replace("{total}", total);
  }

  function ready() {
    state.hidden = true;
    said.textContent = words.ready;
    const broken = document.querySelector(
      '.kit-error, #kit-cells [data-mime-type="application/vnd.jupyter.stderr"]');
    if (broken && !document.querySelector(".kit-mistake")) lost(words.broken);
  }

  function lost(sentence) {
    const notice = document.getElementById("kit-lost");
    notice.querySelector("p").textContent = sentence;
    notice.hidden = false;
    state.hidden = true;
  }

  /** What is wider than a phone scrolls in its box, and a box that scrolls is reached by keys; the
   *  parts of a chart are no things of their own, once the chart says what it shows. */
  function tidy() {
    for (const box of cells().querySelectorAll(".jp-OutputArea-output, .jp-RenderedMarkdown, .kit-view"))
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    for (const chart of cells().querySelectorAll('[role="graphics-document"][aria-label]'))
      chart.setAttribute("role", "img");
    for (const part of cells().querySelectorAll('[aria-label] svg [role^="graphics-"]'))
      for (const name of ["role", "aria-roledescription", "aria-label"]) part.removeAttribute(name);
  }

  /** One output after the other comes while the page is already read. */
  function watch() {
    const total = document.querySelectorAll(".kit-code").length;
    let begun = false;
    const look = () => {
      const left = document.querySelectorAll(`.kit-code > ${WAITING}`).length;
      begun = begun || left > 0;
      if (begun) told(total - left, total);
      if (!begun || left > 0) return;
      eye.disconnect();
      ready();
    };
    const eye = new MutationObserver(look);
    eye.observe(cells(), { childList: true, subtree: true });
    look();
  }

  const config = () => JSON.parse(document.getElementById("jupyter-config-data").textContent);

  /** A kernel that has gone says nothing: ask when the reader comes back to the page. */
  async function ask() {
    if (document.visibilityState !== "visible") return;
    const { baseUrl, kernelId } = config();
    try {
      const answer = await fetch(`${baseUrl}api/kernels/${kernelId}`);
      if (answer.status === 404) lost(words.lost);
    } catch {
      lost(words.lost);
    }
  }
  document.addEventListener("visibilitychange", ask);
  addEventListener("pageshow", (event) => event.persisted && ask());

  /** Whoever leaves needs no kernel any more. Voilà asks the same, without what its server wants. */
  addEventListener("pagehide", () => {
    const { baseUrl, kernelId } = config();
    const proof = new URLSearchParams({ _xsrf: document.body.dataset.xsrf });
    navigator.sendBeacon(`${baseUrl}voila/api/shutdown/${kernelId}`, proof);
  });

  said.textContent = words.preparing;
  window.voila_heartbeat = () => {};
  window.voila_finish = ready;
  return {
    came: told,
    /** All text is there; with `later`, nothing has run yet. */
    written(later) {
      let soon = 0;
      const drawn = () => {
        clearTimeout(soon);
        soon = setTimeout(tidy, 200);
      };
      new MutationObserver(drawn).observe(cells(), { childList: true, subtree: true });
      addEventListener("resize", drawn);
      if (later) doing.textContent = words.readable;
      if (later) watch();
      // Otherwise every cell has run, and what it showed is drawn once everything is loaded.
      else window.addEventListener("load", () => setTimeout(ready, 0));
    },
  };
})();
