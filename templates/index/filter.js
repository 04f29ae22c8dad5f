(() => {
  "use strict";
  const form = document.querySelector(".find");
  const field = form.querySelector("input");
  const none = form.querySelector(".none");
  const cards = [...document.querySelectorAll(".card")];
  const shelves = [...document.querySelectorAll(".shelf")];
  // Full-width and half-width, upper and lower case are one to a person who types.
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const words = cards.map((card) => plain(card.dataset.words + " " + card.textContent));
  const filter = () => {
    const asked = plain(field.value).split(/\s+/).filter(Boolean);
    let found = 0;
    cards.forEach((card, i) => {
      card.hidden = !asked.every((word) => words[i].includes(word));
      found += !card.hidden;
    });
    for (const shelf of shelves) shelf.hidden = !shelf.querySelector(".card:not([hidden])");
    none.textContent = found ? "" : none.dataset.none;
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", filter);
  form.hidden = cards.length < 2;
  filter();
})();
