(() => {
  "use strict";
  const root = document.documentElement;
  const main = document.querySelector("main");
  const said = JSON.parse(main.dataset.said);
  const scenes = [...document.querySelectorAll(".scene")];
  const stages = [...document.querySelectorAll(".stage")];
  const find = (name) => document.querySelector(name);
  const button = (name) => find(`[data-do=${name}]`);
  const opener = find(".screen a");
  const status = find(".screen [role=status]");
  const then = find(".then");
  const links = [...document.querySelectorAll(".sheet a")];
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

  // What is remembered if this page is loaded again; some browsers keep nothing for a file.
  const memory = {
    get: (name) => { try { return sessionStorage.getItem(location.pathname + name); } catch { return null; } },
    set: (name, value) => { try { sessionStorage.setItem(location.pathname + name, value); } catch { /* not kept */ } },
  };

  let at = 0; // the stage in front of us
  let screen = null; // the window of the class
  let heard = 0; // when it last said something
  let asked = 0; // when we opened it
  let shown = ""; // the slide it said it shows
  let paused = false;
  let strange = false; // the deck that answered is another workshop's
  let blocked = false; // the browser would not open a window
  let begun = Number(memory.get("begun")) || 0;
  let memo = Number(memory.get("memo")) || 1.15;

  const slideOf = (stage) => stage?.querySelector(".slide")?.id ?? "";
  // What the class sees: a section without slides leaves the one before it on the wall.
  const here = () => slideOf(stages.slice(0, at + 1).findLast((stage) => slideOf(stage)));
  const joined = () => Boolean(screen) && !screen.closed && Date.now() - heard < 9000;
  const send = (order, slide) => { if (screen && !screen.closed) screen.postMessage({ kit: "speaker", do: order, at: slide }, "*"); };

  const go = (to) => {
    at = Math.max(0, Math.min(to, stages.length - 1));
    for (const each of [...scenes, ...stages]) each.classList.remove("now", "next");
    for (const stage of stages) stage.inert = false;
    const stage = stages[at];
    const scene = stage.closest(".scene");
    const next = stages[at + 1];
    stage.classList.add("now");
    scene.classList.add("now");
    next?.classList.add("next");
    if (next) next.inert = true;
    scene.querySelector(".memo").scrollTop = 0;
    for (const link of links) {
      if (link.hash === "#" + scene.id) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
    const words = then.querySelector("span");
    words.textContent = next ? (next.querySelector(".name") ?? next.closest(".scene").querySelector("h2")).textContent : words.dataset.end;
    find(".at").textContent = stage.querySelector(".foot .number")?.textContent ?? "–";
    button("back").disabled = at === 0;
    button("next").disabled = !next;
    opener.href = "slides.html#" + here();
    const address = "#" + (slideOf(stage) || scene.id);
    try { history.replaceState(null, "", address); } catch { /* some viewers forbid it */ }
    fitAll();
    tick();
  };

  // From slide to slide the deck turns its own page, so that long slides and what comes piece by
  // piece stay in step.
  const turn = (step) => {
    const to = stages[at + step];
    if (!to) return;
    if (joined() && shown === slideOf(stages[at]) && slideOf(to)) send(step > 0 ? "next" : "back");
    else jump(at + step);
  };
  const jump = (to) => {
    go(to);
    send("show", here());
  };

  const fitAll = () => {
    for (const stage of document.querySelectorAll(".stage:is(.now, .next)")) {
      const slide = stage.querySelector(".slide");
      if (!slide) continue;
      if (matchMedia("(min-width: 48em) and (orientation: landscape)").matches) fit(slide, stage.clientHeight);
      else slide.style.removeProperty("--fit");
    }
  };

  const two = (number) => String(number).padStart(2, "0");
  const minute = 60000;
  // The first minute of the plan: the programme's where we begin about then, else when we began.
  const zero = () => {
    const [hours, minutes] = main.dataset.start.split(":").map(Number);
    const planned = new Date(begun).setHours(hours, minutes, 0, 0);
    return main.dataset.start && Math.abs(planned - begun) <= 30 * minute ? planned : begun;
  };

  const tick = () => {
    const now = new Date();
    const scene = scenes.find((each) => each.classList.contains("now"));
    find(".now-time").textContent = `${now.getHours()}:${two(now.getMinutes())}`;
    find(".plan").textContent = scene.dataset.time || "–";
    const seconds = Math.floor((now - begun) / 1000);
    find(".since").textContent = begun ? `${Math.floor(seconds / 60)}:${two(seconds % 60)}` : "–";
    find(".by").textContent = !begun ? "" : zero() === begun ? said.by_start : said.by_plan;
    const pace = find(".pace");
    const [words, late] = begun ? paced(scene, (now - zero()) / minute) : [said.waiting, false];
    if (pace.textContent !== words) pace.textContent = words;
    pace.classList.toggle("late", late);
    connection();
  };

  const paced = (scene, gone) => {
    if (!scene.dataset.to) return gone >= 1 ? late(scene, gone) : [said.before, false];
    const from = Number(scene.dataset.from);
    const to = Number(scene.dataset.to);
    if (gone >= to + 1) return late(scene, gone - to);
    if (gone <= from - 1) return [fill(said.early, { minutes: Math.floor(from - gone) }), false];
    return [fill(said.on_time, { minutes: Math.max(0, Math.ceil(to - gone)) }), false];
  };
  const late = (scene, minutes) => {
    const rest = scenes.slice(scenes.indexOf(scene)).filter((each) => each.dataset.skip).map((each) => each.dataset.skip);
    const words = fill(said.late, { minutes: Math.floor(minutes) });
    return [rest.length ? `${words} ${fill(said.skip, { titles: rest.join(said.comma) })}` : words, true];
  };

  const connection = () => {
    let words = said.alone;
    if (strange) words = said.other;
    else if (joined()) words = paused ? said.paused : said.joined;
    else if (screen?.closed) words = said.closed;
    else if (asked && Date.now() - asked > 5000) words = said.silent;
    else if (asked) words = blocked ? said.blocked : said.opening;
    if (status.textContent !== words) status.textContent = words;
    button("pause").disabled = !joined();
    button("pause").setAttribute("aria-pressed", joined() && paused);
  };

  opener.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    strange = false;
    heard = 0;
    asked = Date.now();
    const made = window.open(opener.href, opener.target, "popup,width=1280,height=720");
    blocked = !made;
    if (made) event.preventDefault(); // else the link opens a tab, which nothing blocks
    screen = made;
    connection();
  });

  addEventListener("message", (event) => {
    if (event.data?.kit !== "deck" || !event.source || event.source === window) return;
    if (screen && !screen.closed && event.source !== screen) return;
    const to = stages.findIndex((stage) => slideOf(stage) === event.data.at);
    strange = to < 0;
    if (strange) return connection();
    const first = !joined();
    screen = event.source;
    heard = Date.now();
    paused = event.data.paused === true;
    const before = shown;
    shown = event.data.at;
    // Back after we went on alone, the class follows us; else we follow what was turned there.
    if (first && before) send("show", here());
    else if (before !== shown && shown !== here()) go(to);
    connection();
  });

  const acts = {
    next: () => turn(1),
    back: () => turn(-1),
    first: () => jump(0),
    last: () => jump(stages.length - 1),
    pause: () => send("pause"),
    begin: () => {
      begun = Date.now();
      memory.set("begun", begun);
      button("begin").textContent = said.again;
      tick();
    },
    bigger: () => grow(0.1),
    smaller: () => grow(-0.1),
  };
  const grow = (step) => {
    memo = Math.max(0.85, Math.min(2.2, memo + step));
    memory.set("memo", memo);
    root.style.setProperty("--memo", memo.toFixed(2) + "rem");
  };

  const keys = {
    ArrowRight: "next", PageDown: "next", ArrowDown: "next", " ": "next",
    ArrowLeft: "back", PageUp: "back", ArrowUp: "back", Home: "first", End: "last",
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const name = event.key === " " && event.shiftKey ? "back" : keys[event.key];
    // Inside notes that scroll these keys scroll; a clicker's (PageUp, PageDown) always turn.
    const scrolls = event.target.closest(".memo, .sheet") && [" ", "ArrowUp", "ArrowDown", "Home", "End"].includes(event.key);
    const reads = scrolls || (event.key === " " && event.target.closest("a, button"));
    if (!name || reads) return;
    event.preventDefault();
    acts[name]();
  });
  document.addEventListener("click", (event) => {
    const name = event.target.closest("[data-do]")?.dataset.do;
    if (name) return acts[name]();
    const link = event.target.closest(".sheet a");
    if (!link) return;
    event.preventDefault();
    jump(stages.indexOf(find(link.hash).querySelector(".stage")));
  });
  addEventListener("resize", fitAll);

  root.classList.add("live");
  for (const part of document.querySelectorAll(".clocks, .turn, .then")) part.hidden = false;
  if (begun) button("begin").textContent = said.again;
  grow(0);
  let from = -1;
  try {
    const name = decodeURIComponent(location.hash.slice(1));
    from = stages.findIndex((stage) => name && (slideOf(stage) === name || stage.closest(".scene").id === name));
  } catch { /* an address that is none of ours */ }
  go(Math.max(0, from));
  setInterval(() => { tick(); send("hello"); }, 1000);
})();
