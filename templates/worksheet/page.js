(() => {
  "use strict";
  const box = document.querySelector(".print");
  box.hidden = false;
  box.querySelector("button").addEventListener("click", () => window.print());
  // What is written is kept nowhere: ask before a slip of the hand closes the page.
  let written = false;
  addEventListener("input", () => { written = true; });
  addEventListener("afterprint", () => { written = false; });
  addEventListener("beforeunload", (event) => { if (written) event.preventDefault(); });
})();
