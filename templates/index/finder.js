// Finds among all runs of a build: a box for words, five lists, and the answer in the address.
(() => {
  "use strict";
  const CARDS = 9;
  const [WORKSHOP, PLACE, LANGUAGE, FAILED, DAY, SET, SIZES, ODD] = [0, 1, 2, 3, 4, 5, 6, 7];
  const data = JSON.parse(document.getElementById("runs").textContent);
  const form = document.querySelector(".find");
  const results = document.querySelector(".results");
  const cards = results.querySelector(".cards");
  const more = results.querySelector(".more");
  const count = form.querySelector(".count");
  const status = form.querySelector("[role=status]");
  const page = document.documentElement.lang;
  const say = (word, tongue = page) => data.words[word][tongue] || data.words[word][page];
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  // Width, case, kana, long marks: to a person who types they are one.
  const plain = (text) => text.normalize("NFKC").toLowerCase()
    .normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC")
    .replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60)).replace(/ゖ/g, "け");

  const workshops = data.workshops.map(([, , , words]) => plain(words));
  const places = data.places.map(([, , , , , words]) => plain(words));
  const languages = data.languages.map((names) => plain(names.join(" ")));
  const files = data.files.map(([name, whose, labels]) =>
    plain([name, ...Object.values(labels), ...Object.values(data.words[whose])].join(" ")));

  // ---- what is asked -------------------------------------------------------------------------
  const asked = () => Object.fromEntries(new FormData(form));

  const wanted = (file, form) => form === "artefacts" ? data.files[file][1] === form : data.files[file][0] === form;

  // A run is found if each word is said by the run or by one of its files; files that no word
  // means are then left out.
  const find = ({ q, w, m, l, p, f }) => {
    const words = plain(q).split(/\s+/).filter(Boolean).map((word, at) => ({
      at,
      workshop: workshops.map((text) => text.includes(word)),
      place: places.map((text) => text.includes(word)),
      language: languages.map((text) => text.includes(word)),
      file: files.map((text) => text.includes(word)),
    }));
    const found = [];
    const seen = new Map();  // many runs hold the same files and are asked the same of them
    for (const run of data.runs) {
      const workshop = data.workshops[run[WORKSHOP]];
      if (w && workshop[0] !== w) continue;
      if (m && data.places[run[PLACE]][2] !== m) continue;
      if (l && data.languages[run[LANGUAGE]][0] !== l) continue;
      if (p && !workshop[2].includes(Number(p))) continue;
      const rest = words.filter((word) =>
        !(word.workshop[run[WORKSHOP]] || word.place[run[PLACE]] || word.language[run[LANGUAGE]]));
      const key = run[SET] + " " + rest.map((word) => word.at);
      if (!seen.has(key)) seen.set(key, data.sets[run[SET]].flatMap((file, n) =>
        (!f || wanted(file, f)) && rest.every((word) => word.file[file]) ? [n] : []));
      const shown = seen.get(key);
      if (shown.length || (!f && !rest.length)) found.push([run, shown]);
    }
    return found;
  };

  // ---- what is shown -------------------------------------------------------------------------
  const make = (tag, attributes, ...inside) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value) element.setAttribute(name, value);
    element.append(...inside);
    return element;
  };
  const weight = (kilo) => kilo < 1000 ? `${kilo} KB` : `${(kilo / 1000).toFixed(1)} MB`;
  const quoted = (path) => {
    const address = path.split("/").map(encodeURIComponent).join("/");
    return path.split("/")[0].includes(":") ? `./${address}` : address;
  };
  const named = (names, tongue) => names[tongue] || Object.values(names)[0];
  const tongues = (names) => {
    const parts = [];
    for (const [tongue, text] of Object.entries(names)) {
      if (parts.some((part) => part.textContent === text)) continue;
      if (parts.length) parts.push(make("span", { "aria-hidden": "true" }, " / "));
      parts.push(make("span", { lang: tongue === page ? "" : tongue }, text));
    }
    return parts;
  };

  const address = (run, n) => {
    const odd = (run[ODD] || []).find(([at]) => at === n);
    if (odd) return odd[1];
    const [name, whose] = data.files[data.sets[run[SET]][n]];
    const inside = whose === "artefacts" ? "artefacts/" : "";
    return `${data.workshops[run[WORKSHOP]][0]}/${data.places[run[PLACE]][0]}/${data.languages[run[LANGUAGE]][0]}/${inside}${name}`;
  };

  const link = (run, n, tongue) => {
    const [, whose, labels, format] = data.files[data.sets[run[SET]][n]];
    const about = [say(whose, tongue), data.languages[run[LANGUAGE]][1],
      named(data.workshops[run[WORKSHOP]][1], tongue), named(data.places[run[PLACE]][1], tongue)];
    const size = run[SIZES][n] ? ` ${weight(run[SIZES][n])}` : "";
    return make("li", {}, make("a", { href: quoted(address(run, n)) },
      make("span", {}, named(labels, tongue)), " ", make("small", {}, format + size),
      make("span", { class: "hidden" }, ` (${about.join(", ")})`)));
  };

  const group = (run, whose, own, tongue) => {
    const list = make("ul", { class: whose }, ...own.map((n) => link(run, n, tongue)));
    const label = say(whose, tongue);
    if (whose !== "artefacts") return [make("dt", {}, label), make("dd", {}, list)];
    // Samples of what a class makes: few open them, so they stand folded unless asked for.
    const fold = make("details", {}, make("summary", {}, `${label} (${own.length})`), list);
    fold.open = form.elements.f.value === whose;
    return [make("dt", { class: "hidden" }, label), make("dd", {}, fold)];
  };

  const entry = ([run, shown]) => {
    const [tongue, name] = data.languages[run[LANGUAGE]];
    const day = named(data.days[run[DAY]], tongue);
    const head = make("h4", {}, name);
    if (day) head.append(" ", make("small", {}, fill(say("built", tongue), { day })));
    if (run[FAILED]) head.append(" ", make("span", { class: "state bad" }, say("bad", tongue)));
    const box = make("div", { class: "entry", lang: tongue }, head);
    if (run[FAILED] && day) box.append(make("p", { class: "small" }, say("earlier", tongue)));
    const list = make("dl", {});
    for (const whose of ["participant", "facilitator", "other", "artefacts"]) {
      const own = shown.filter((n) => data.files[data.sets[run[SET]][n]][1] === whose);
      if (own.length) list.append(...group(run, whose, own, tongue));
    }
    if (list.children.length) box.append(list);
    return box;
  };

  const card = (hits) => {
    const [run] = hits[0];
    const workshop = data.workshops[run[WORKSHOP]];
    return make("article", { class: "card" },
      make("h3", { tabindex: "-1" }, ...tongues(data.places[run[PLACE]][1])),
      make("p", { class: "of" }, ...tongues(workshop[1])),
      ...hits.map(entry));
  };

  let waiting = [];
  const lay = () => {
    const next = waiting.splice(0, CARDS).map(card);
    cards.append(...next);
    more.hidden = !waiting.length;
    more.textContent = fill(say("more"), { left: waiting.length });
    return next[0];
  };

  const digits = new Intl.NumberFormat(page);
  const number = (value) => digits.format(value);
  let later = 0;
  const show = () => {
    const found = find(asked());
    const together = new Map();
    for (const hit of found) {
      const key = hit[0][WORKSHOP] * data.places.length + hit[0][PLACE];
      if (together.has(key)) together.get(key).push(hit); else together.set(key, [hit]);
    }
    waiting = [...together.keys()].sort((a, b) => a - b).map((key) => together.get(key));
    const total = waiting.length;
    cards.replaceChildren();
    lay();
    let text = say("none");
    if (found.length) text = fill(say("found"), { total: number(data.runs.length), found: number(found.length) });
    if (waiting.length) text += " " + fill(say("shown"), { shown: total - waiting.length });
    count.textContent = text;
    // Told once the typing pauses, not at every key.
    clearTimeout(later);
    later = setTimeout(() => { status.textContent = text; write(); }, 400);
  };

  // ---- the address ---------------------------------------------------------------------------
  const write = () => {
    const set = Object.entries(asked()).filter(([, value]) => value);
    const hash = set.length ? "#" + new URLSearchParams(set) : "";
    if (hash === location.hash || (!hash && !location.hash.includes("="))) return;
    try { history.replaceState(null, "", hash || location.href.split("#")[0]); } catch { /* some viewers forbid it */ }
  };
  const read = () => {
    // "#main" and "#w-…" are places on this page, not questions.
    if (location.hash.length > 1 && !location.hash.includes("=")) return;
    const said = new URLSearchParams(location.hash.slice(1));
    for (const field of form.elements) if (field.name) field.value = said.get(field.name) || "";
    for (const list of form.querySelectorAll("select")) if (list.selectedIndex < 0) list.value = "";
    show();
  };

  // ---- the lists -----------------------------------------------------------------------------
  const offer = (name, groups) => {
    const list = form.elements[name];
    const many = groups.reduce((sum, [, choices]) => sum + choices.length, 0);
    list.closest("p").hidden = many < 2;
    for (const [label, choices] of groups) {
      const options = choices.map(([value, text]) => make("option", { value }, text));
      if (label && options.length) list.append(make("optgroup", { label }, ...options));
      else list.append(...options);
    }
  };
  const towns = new Map(data.places.map(([, , code, kind, name]) => [code, [kind, name]]));
  const inOrder = [...towns].sort(([a], [b]) => a < b ? -1 : 1);
  const of = (wanted) => inOrder.filter(([, [kind]]) => kind === wanted).map(([code, [, name]]) => [code, name]);
  offer("w", [["", data.workshops.map(([id, titles]) => [id, named(titles, page)])]]);
  offer("m", [...data.kinds.map(([kind, label]) => [label, of(kind)]), [say("other"), of("")]]);
  offer("l", [["", data.languages]]);
  offer("p", [["", data.principles.map(([n, title]) => [n, `${n} ${title}`])]]);
  const forms = (wanted) => data.files.filter(([, whose]) => whose === wanted)
    .map(([name, , labels, format]) => [name, `${named(labels, page)} (${format})`]);
  offer("f", [...["participant", "facilitator", "other"].map((whose) => [say(whose), forms(whose)]),
    ["", forms("artefacts").length ? [["artefacts", say("artefacts")]] : []]]);

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", show);
  form.addEventListener("reset", () => { setTimeout(show); form.elements.q.focus(); });
  more.addEventListener("click", () => lay()?.querySelector("h3").focus());
  addEventListener("hashchange", read);
  form.hidden = data.runs.length < 2;
  results.hidden = !data.runs.length;
  read();
  if (!results.children[0].children.length) show();
})();
