(() => {
  "use strict";
  const root = document.documentElement;
  const main = document.querySelector(".reveal");
  const slides = [...document.querySelectorAll(".slide")];
  const tools = document.querySelector(".tools");
  const [back, on] = tools.querySelectorAll("button");
  const help = document.querySelector(".help");
  const letters = document.querySelector("#letters");
  const bar = document.querySelector(".bar");
  const wide = matchMedia("(min-width: 48em) and (orientation: landscape)");
  // One slide at a time, each slide but the first would be a page without its main heading.
  const heading = document.createElement("h1");
  heading.className = "hidden";
  heading.textContent = document.querySelector("h1").textContent;
  let talk = null; // reveal.js, while one slide at a time is shown
  let reading = false;

  const options = {
    keyboard: false, hash: false, history: false, respondToHashChanges: false, controls: false, progress: false,
    transition: "none", backgroundTransition: "none", disableLayout: true, center: false, display: "flex",
    viewDistance: 1e6, mobileViewDistance: 1e6, help: false, mouseWheel: false, postMessage: false,
    postMessageEvents: false, focusBodyOnPageVisibilityChange: false, scrollActivationWidth: null,
    slideNumber: false, hideInactiveCursor: true, showNotes: false, view: null,
  };

  // Where we are: with reveal.js its slide, else the slide that the upper third of the screen shows.
  const here = () => {
    if (talk) return Math.max(0, slides.indexOf(talk.getCurrentSlide()));
    const line = innerHeight / 3;
    let at = 0;
    slides.forEach((slide, i) => { if (slide.getBoundingClientRect().top <= line) at = i; });
    return at;
  };

  const asked = () => {
    try { return slides.findIndex((slide) => "#" + slide.id === decodeURIComponent(location.hash)); } catch { return -1; }
  };

  const show = (at, part) => {
    const to = Math.max(0, Math.min(at, slides.length - 1));
    if (talk) talk.slide(to, 0, part);
    else slides[to].scrollIntoView({ block: "start" });
    settle(to);
  };

  // A slide longer than the screen is read to its end before the next one comes.
  const move = (step) => {
    const at = here();
    const slide = slides[at];
    const box = slide.getBoundingClientRect();
    const scroller = talk ? slide : window;
    const below = talk ? slide.scrollHeight - slide.clientHeight - slide.scrollTop : box.bottom - innerHeight;
    const above = talk ? slide.scrollTop : -box.top;
    const page = innerHeight * 0.8;
    if (step > 0 && below > 4) scroller.scrollBy(0, Math.min(page, below));
    else if (step < 0 && above > 4) scroller.scrollBy(0, -Math.min(page, above));
    else if (talk) { step > 0 ? talk.next() : talk.prev(); settle(here()); }
    else show(at + step);
    mark();
  };

  const settle = (at) => {
    const slide = slides[at];
    if (talk?.isOverview()) {
      for (const each of slides) { each.hidden = false; each.removeAttribute("aria-hidden"); }
      slide.scrollIntoView({ block: "nearest" });
    }
    if (!help.open && !main.querySelector(".jump-to-slide")) slide.focus({ preventScroll: true });
    try { history.replaceState(null, "", "#" + slide.id); } catch { /* some viewers forbid it */ }
    mark();
  };

  const mark = () => {
    const at = here();
    bar.style.setProperty("--at", slides.length > 1 ? at / (slides.length - 1) : 1);
    back.setAttribute("aria-disabled", at === 0);
    on.setAttribute("aria-disabled", at === slides.length - 1);
    tell();
  };

  const fitAll = () => {
    for (const slide of slides) {
      if (matchMedia("(min-width: 48em)").matches) fit(slide, innerHeight);
      else slide.style.removeProperty("--fit");
      if (!talk) slide.tabIndex = -1;
      slide.toggleAttribute("data-prevent-swipe", slide.tabIndex === 0);
    }
  };

  // From reading downwards to one slide at a time. Should reveal.js fail, reading stays.
  const project = async () => {
    const at = here();
    const made = new Reveal(main, options);
    try {
      await made.initialize();
    } catch {
      return unroll(made, at);
    }
    if (!wide.matches || reading) return unroll(made, at);
    talk = made;
    main.removeAttribute("role");
    main.querySelector(".aria-status")?.remove(); // the focus goes to each slide and says its name
    main.querySelector(".pause-overlay").textContent = help.dataset.paused;
    root.classList.add("projected");
    slides[0].querySelector("h1").ariaLevel = 2;
    main.prepend(heading);
    made.on("slidechanged", () => queueMicrotask(() => settle(here())));
    made.on("fragmentshown", () => tell());
    made.on("fragmenthidden", () => tell());
    made.on("paused", () => tell());
    made.on("resumed", () => tell());
    made.on("overviewshown", () => settle(here()));
    made.on("overviewhidden", () => settle(here()));
    scrollTo(0, 0);
    fitAll();
    show(at);
  };

  const unroll = (made, at) => {
    if (made.isOverview?.()) made.toggleOverview(false);
    talk = null;
    try { made.destroy(); } catch { /* it had not begun */ }
    main.removeAttribute("role");
    main.classList.remove("paused", "overview", "ready");
    root.classList.remove("projected");
    heading.remove();
    slides[0].querySelector("h1").ariaLevel = null;
    for (const slide of slides) {
      slide.removeAttribute("style");
      for (const name of ["hidden", "aria-hidden", "inert"]) slide.removeAttribute(name);
    }
    fitAll();
    show(at);
  };

  const choose = () => {
    if (matchMedia("print").matches) return;
    const wanted = wide.matches && !reading && typeof Reveal === "function";
    if (wanted && !talk) project();
    else if (!wanted && talk) unroll(talk, here());
  };

  const jump = () => {
    talk.toggleJumpToSlide();
    const field = main.querySelector(".jump-to-slide-input");
    field.placeholder = help.dataset.jump;
    field.setAttribute("aria-label", help.dataset.jump);
    field.onkeydown = (event) => {
      if (["Enter", "Escape"].includes(event.key)) setTimeout(() => settle(here()), 10);
    };
  };

  const acts = {
    next: () => move(1),
    back: () => move(-1),
    first: () => show(0),
    last: () => show(slides.length - 1),
    overview: () => talk?.toggleOverview(),
    pause: () => talk?.togglePause(),
    jump: () => talk && jump(),
    full: () => {
      const asked = document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen?.();
      asked?.catch(() => {}); // a browser may forbid it
    },
    read: () => {
      reading = !reading;
      help.querySelector("[data-do=read]").setAttribute("aria-pressed", reading);
      choose();
    },
    help: () => (help.open ? help.close() : help.showModal()),
    close: () => help.close(),
  };

  const keys = {
    ArrowRight: "next", ArrowDown: "next", PageDown: "next", " ": "next",
    ArrowLeft: "back", ArrowUp: "back", PageUp: "back", Home: "first", End: "last",
  };
  const typed = { o: "overview", b: "pause", ".": "pause", g: "jump", f: "full", r: "read", "?": "help" };

  // In the overview keys walk over the slides as they lie; Enter opens one.
  const walk = (key) => {
    const at = here();
    const row = slides.findIndex((slide) => slide.offsetTop > slides[0].offsetTop + 4);
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: row, ArrowUp: -row };
    const to = at + steps[key];
    if (slides[to]) show(to);
  };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    const taken = event.target.closest("input, select, textarea, a, button, summary, [contenteditable]");
    if (taken && ([" ", "Enter"].includes(event.key) || taken.matches("input, select, textarea"))) return;
    const overview = talk?.isOverview();
    let act = acts[keys[event.key]];
    if (event.key === " " && event.shiftKey) act = acts.back;
    if (overview && event.key.startsWith("Arrow")) act = () => walk(event.key);
    if (overview && ["Enter", " ", "Escape"].includes(event.key)) act = acts.overview;
    if (!overview && event.key === "Escape" && talk) act = acts.overview;
    if (!act && letters.checked && wide.matches) act = acts[typed[event.key.toLowerCase()]];
    if (!act) return;
    event.preventDefault();
    // On a black screen every key of ours brings the picture back, and does nothing else.
    if (talk?.isPaused()) talk.togglePause(false);
    else act();
  });
  document.addEventListener("click", (event) => {
    const name = event.target.closest("[data-do]")?.dataset.do;
    if (!name) return;
    if (help.open && name !== "help") help.close();
    acts[name]();
  });
  help.addEventListener("close", () => { if (!main.querySelector(".jump-to-slide")) slides[here()].focus({ preventScroll: true }); });

  // The speaker view opened this window, or may have: it says what to show, we say what is shown.
  const speaker = window.opener;
  const tell = () => speaker?.postMessage({
    kit: "deck", at: slides[here()].id, paused: Boolean(talk?.isPaused()), part: talk?.getIndices().f ?? -1,
  }, "*");
  addEventListener("message", (event) => {
    if (!speaker || event.source !== speaker || event.data?.kit !== "speaker") return;
    const at = slides.findIndex((slide) => slide.id === event.data.at);
    if (event.data.do === "show" && at >= 0) show(at);
    else if (["next", "back", "pause"].includes(event.data.do)) acts[event.data.do]();
    tell();
  });
  if (speaker) setInterval(tell, 3000);

  addEventListener("scroll", () => { if (!talk) mark(); }, { passive: true });
  addEventListener("resize", () => {
    const at = here();
    fitAll();
    if (!talk) slides[at].scrollIntoView({ block: "start" });
  });
  addEventListener("hashchange", () => {
    const at = asked();
    if (at >= 0 && at !== here()) show(at);
  });
  wide.addEventListener("change", choose);
  tools.hidden = false;
  fitAll();
  slides[asked()]?.scrollIntoView();
  mark();
  choose();
})();
