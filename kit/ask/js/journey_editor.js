// The steps of a journey, one card each; below them what Python makes of them.
function mount(control) {
  const { root, words } = control;
  const held = holdDraft(control, (news) => {
    if (news) redraw();
    showAnswer();
  });
  const core = ["name", "channel", "minutes_low", "minutes", "minutes_high"];
  const more = ["trips", "documents", "yen", "emotion", "kind", "path", "actor", "share", "days"];
  const unfolded = new Set(); // steps whose further fields are shown
  let fields = new Map(); // "row field" → {input, trouble}
  let before = null;
  root.classList.add("kit-journey-editor");
  const steps = make("div");
  const undo = undoLine(words, takeBack);
  const trouble = liveRegion({ class: "kit-trouble" });
  const wrong = liveRegion({ class: "kit-trouble" });
  const preview = make("div", { class: "kit-view", tabindex: "0", role: "group", "aria-label": words.preview });
  const pasting = drawPasting();
  root.append(
    make("p", { class: "kit-title" }, words.title), make("p", { class: "kit-note" }, words.help),
    steps, undo.line, trouble, pasting.element,
    make("div", { class: "kit-buttons" }, make("button", { type: "button", onclick: startAgain }, words.restart)),
    wrong, make("div", { class: "kit-way" }, drawWay()), preview);
  const redraw = steady(root, () => {
    fields = new Map();
    steps.replaceChildren(drawName(), make("ol", { class: "kit-list" }, ...rows().map(drawStep)),
      make("button", { type: "button", class: "kit-add", "data-key": "add", onclick: () => add(rows().length) }, words.add));
    showTroubles();
  });
  root.addEventListener("focusout", () => setTimeout(showTroubles));

  // --- what Python says

  function showAnswer() {
    const state = control.state();
    if (preview.dataset.drawn !== state.preview) {
      preview.dataset.drawn = state.preview;
      preview.innerHTML = state.preview; // made by our Python
    }
    trouble.textContent = state.trouble;
    pasting.say(state.pasted);
    showTroubles();
  }

  /** Tell what is wrong beside its field; a field in use is told only when it is left. */
  function showTroubles() {
    const { troubles } = control.state();
    const used = root.getRootNode().activeElement;
    for (const [key, { input, trouble: line }] of fields) {
      const [row, field] = key.split(" ");
      const told = troubles[row]?.[field] ?? "";
      if (told && input === used && !line.textContent) continue;
      line.textContent = told;
      if (told) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
      const fold = told && input.closest("details");
      if (fold) fold.open = true;
    }
    const count = Object.values(troubles).reduce((sum, row) => sum + Object.keys(row).length, 0);
    const whole = troubles[""] ? ` ${Object.values(troubles[""]).join(" ")}` : "";
    const sentence = count ? fill(words.wrong, { count }) + whole : "";
    if (textOf(wrong) !== sentence) wrong.textContent = sentence;
  }

  // --- the steps

  const rows = () => held.value.rows;
  const name = (row) => row.name.trim() || words.blank;

  function changed(sentence, { key = "", undoable = null } = {}) {
    before = undoable;
    redraw();
    if (key) focusOn(root, key);
    undo.say(sentence, { undo: before !== null });
    held.changed();
  }

  function takeBack() {
    if (before === null) return;
    held.value = before;
    changed(words.back, { key: "add" });
  }

  function startAgain() {
    const undoable = held.value;
    held.value = structuredClone(control.state().start);
    changed(words.restarted, { undoable });
  }

  function add(at) {
    if (rows().length >= words.limits.rows) {
      undo.say(words.full);
      return;
    }
    const numbers = rows().map((row) => Number(/^s(\d+)$/.exec(row.key)?.[1] ?? 0));
    const key = `s${Math.max(0, ...numbers) + 1}`;
    rows().splice(at, 0, { ...words.new, key });
    changed(fill(words.added, { place: at + 1 }), { key: `${key} name` });
  }

  function remove(row) {
    const undoable = structuredClone(held.value);
    const at = rows().indexOf(row);
    rows().splice(at, 1);
    const next = rows()[Math.min(at, rows().length - 1)];
    changed(fill(words.deleted, { name: name(row) }), { key: next ? `${next.key} name` : "add", undoable });
  }

  function move(row, by) {
    const from = rows().indexOf(row);
    const to = from + by;
    if (to < 0 || to >= rows().length) {
      undo.say(fill(by < 0 ? words.first : words.last, { name: name(row) }));
      return;
    }
    rows().splice(to, 0, ...rows().splice(from, 1));
    changed(fill(words.moved, { name: name(row), place: to + 1 }));
  }

  // --- how they look

  function drawName() {
    const input = make("input", {
      "data-key": "journey", maxlength: words.limits.text, autocomplete: "off",
      oninput: () => typed(() => (held.value.name = input.value)),
    });
    input.value = held.value.name;
    return labelled(words.journey, input);
  }

  function typed(write) {
    write();
    if (before !== null) {
      before = null;
      undo.say("");
    }
    held.changed({ typing: true });
  }

  function drawStep(row, place) {
    const called = () => fill(words.step, { place: place + 1, name: name(row) });
    const card = make("div", { class: "kit-step", role: "group", "aria-label": called() });
    const button = (label, told, key, onclick, small = true) => make("button", {
      type: "button", class: small ? "kit-small" : "", "data-key": `${row.key} ${key}`,
      "aria-label": fill(told, { name: name(row) }), onclick,
    }, label);
    const fold = make("details", {
      class: "kit-fold",
      open: unfolded.has(row.key),
      ontoggle: () => (fold.open ? unfolded.add(row.key) : unfolded.delete(row.key)),
    },
    make("summary", { "data-key": `${row.key} more` }, words.more),
    make("div", { class: "kit-more" }, ...more.map((field) => drawField(row, field))));
    card.append(
      make("span", { class: "kit-place", "aria-hidden": "true" }, `${place + 1}`),
      make("div", { class: "kit-core" },
        ...core.map((field) => drawField(row, field, field === "name" && (() => card.setAttribute("aria-label", called()))))),
      fold,
      make("div", { class: "kit-buttons" },
        button("↑", words.up, "up", () => move(row, -1)), button("↓", words.down, "down", () => move(row, 1)),
        button(words.below, words.below_of, "below", () => add(rows().indexOf(row) + 1), false),
        button(words.delete, words.delete_of, "delete", () => remove(row), false)));
    return make("li", {}, card);
  }

  function drawField(row, field, follow) {
    const line = make("p", { class: "kit-trouble", id: fresh("trouble") });
    const common = { "data-key": `${row.key} ${field}`, "aria-describedby": line.id };
    let input;
    if (words.menus[field]) {
      input = menu(words.menus[field], row[field], { ...common, onchange: () => {
        row[field] = input.value;
        held.changed();
      } });
    } else {
      const number = words.numbers.includes(field);
      input = make("input", {
        ...common, autocomplete: "off", inputmode: number ? "decimal" : "text",
        maxlength: number ? words.limits.number : words.limits.text,
        oninput: () => typed(() => {
          row[field] = input.value;
          if (follow) follow();
        }),
      });
      input.value = row[field];
    }
    fields.set(`${row.key} ${field}`, { input, trouble: line });
    const element = labelled(words.names[field], input, line);
    element.classList.add(`kit-${field}`);
    return element;
  }

  function drawWay() {
    const choose = menu(words.ways, held.value.way, { onchange: () => {
      held.value.way = choose.value;
      held.changed();
    } });
    return labelled(words.way, choose);
  }

  function drawPasting() {
    const area = make("textarea", { rows: 5, maxlength: words.limits.paste, spellcheck: "false" });
    const said = liveRegion();
    const button = make("button", { type: "button", onclick: () => {
      if (!area.value.trim()) {
        area.focus();
        return;
      }
      before = structuredClone(held.value);
      undo.say("", { undo: true });
      held.flush();
      held.turn += 1;
      control.tell("paste", { text: area.value, turn: held.turn });
    } }, words.replace);
    const element = make("details", {}, make("summary", {}, words.paste),
      make("p", { class: "kit-note" }, words.paste_help), labelled(words.pasted, area),
      make("div", { class: "kit-buttons" }, button), said);
    return { element, say: (sentence) => {
      if (textOf(said) !== sentence) said.textContent = sentence;
    } };
  }

  redraw();
  showAnswer();
  return held.flush;
}
