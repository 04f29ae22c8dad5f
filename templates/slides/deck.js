(() => {
  "use strict";
  const slides = [...document.querySelectorAll(".slide")];
  const controls = document.querySelector(".controls");
  const bar = document.querySelector(".progress");
  const [back, on] = controls.querySelectorAll("button");

  // The slide that the upper third of the screen shows.
  const here = () => {
    const line = innerHeight / 3;
    let at = 0;
    slides.forEach((slide, i) => { if (slide.getBoundingClientRect().top <= line) at = i; });
    return at;
  };

  const show = (at) => {
    const slide = slides[Math.max(0, Math.min(at, slides.length - 1))];
    slide.scrollIntoView({ block: "start" });
    slide.focus({ preventScroll: true });
    try { history.replaceState(null, "", "#" + slide.id); } catch { /* some viewers forbid it */ }
    mark();
  };

  // A slide longer than the screen is read to its end before the next one comes.
  const move = (step) => {
    const at = here();
    const box = slides[at].getBoundingClientRect();
    const page = innerHeight * 0.8;
    if (step > 0 && box.bottom > innerHeight + 4) scrollBy(0, Math.min(page, box.bottom - innerHeight));
    else if (step < 0 && box.top < -4) scrollBy(0, -Math.min(page, -box.top));
    else show(at + step);
    mark();
  };

  const mark = () => {
    const at = here();
    bar.style.setProperty("--at", slides.length > 1 ? at / (slides.length - 1) : 1);
    back.setAttribute("aria-disabled", at === 0);
    on.setAttribute("aria-disabled", at === slides.length - 1);
  };

  // Words shrink a little before a slide grows longer than the screen.
  const fit = () => {
    const wide = matchMedia("(min-width: 48em)").matches;
    for (const slide of slides) {
      slide.style.removeProperty("--fit");
      for (let size = 1; wide && size >= 0.68 && slide.offsetHeight > innerHeight; size -= 0.04) {
        slide.style.setProperty("--fit", size.toFixed(2));
      }
    }
  };

  const keys = {
    ArrowRight: () => move(1), ArrowDown: () => move(1), PageDown: () => move(1), " ": () => move(1),
    ArrowLeft: () => move(-1), ArrowUp: () => move(-1), PageUp: () => move(-1),
    Home: () => show(0), End: () => show(slides.length - 1),
  };
  addEventListener("keydown", (event) => {
    const taken = event.target.closest("input, select, textarea, a, button, summary, [contenteditable]");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (taken && (event.key === " " || event.target.matches("input, select, textarea"))) return;
    const act = event.key === " " && event.shiftKey ? () => move(-1) : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  controls.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) move(Number(button.dataset.move));
  });
  addEventListener("scroll", mark, { passive: true });
  addEventListener("resize", () => { const at = here(); fit(); slides[at].scrollIntoView({ block: "start" }); });
  controls.hidden = false;
  fit();
  if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  mark();
})();
