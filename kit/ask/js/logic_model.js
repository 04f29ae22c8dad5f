// A logic model: five columns of boxes. A box opens where it stands, to be written, moved and joined.
function mount(control) {
  const { root, words } = control;
  const held = holdDraft(control, (news) => {
    if (news) redraw();
    showAnswer();
  });
  let open = "";
  let before = null; // what an undo brings back
  root.classList.add("kit-logic-model");
  const canvas = make("div", { class: "kit-model" });
  const undo = undoLine(words, takeBack);
  const trouble = liveRegion({ class: "kit-trouble" });
  const restart = make("button", { type: "button", onclick: startAgain }, words.restart);
  const looks = make("p", { class: "kit-title", role: "status" });
  const problems = make("ul", { class: "kit-problems" });
  const picture = make("div", { class: "kit-view", tabindex: "0", role: "group", "aria-label": words.picture });
  root.append(
    make("p", { class: "kit-title" }, words.title), make("p", { class: "kit-note" }, words.help),
    canvas, undo.line, trouble, looks, problems, picture, restart);
  const redraw = steady(root, () => canvas.replaceChildren(...words.columns.map(drawColumn)));

  function showAnswer() {
    const state = control.state();
    const found = state.problems;
    const count = found.length ? fill(words.looks, { count: found.length }) : words.fine;
    if (textOf(looks) !== count) looks.textContent = count;
    problems.replaceChildren(...found.map((sentence) => make("li", {}, sentence)));
    if (picture.dataset.drawn !== state.picture) {
      picture.dataset.drawn = state.picture;
      picture.innerHTML = state.picture; // made by our Python
    }
    trouble.textContent = state.trouble;
  }

  // --- the model

  const boxes = () => held.value.boxes;
  const box = (key) => boxes().find((one) => one.key === key);
  const name = (one) => one.text.trim() || words.blank;
  const place = (column) => words.columns.findIndex(([key]) => key === column);
  const columnName = (column) => words.columns[place(column)][1];

  /** Note that the model was changed: say what, draw it anew, and put the focus on `key`. */
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
    changed(words.back, { key: `${open} face` });
  }

  function startAgain() {
    const undoable = held.value;
    held.value = structuredClone(control.state().start);
    open = "";
    changed(words.restarted, { undoable });
  }

  function addBox(column) {
    if (boxes().length >= words.limits.boxes) return undo.say(words.full);
    const numbers = boxes().map((one) => Number(/^b(\d+)$/.exec(one.key)?.[1] ?? 0));
    open = `b${Math.max(0, ...numbers) + 1}`;
    boxes().push({ key: open, column, text: "", indicator: "", source: "" });
    return changed(fill(words.added, { column: columnName(column) }), { key: `${open} text` });
  }

  function deleteBox(one) {
    const undoable = structuredClone(held.value);
    held.value.boxes = boxes().filter((other) => other !== one);
    held.value.arrows = held.value.arrows.filter(({ start, end }) => start !== one.key && end !== one.key);
    changed(fill(words.deleted, { name: name(one) }), { key: `${one.column} add`, undoable });
  }

  function moveBox(one, by) {
    const column = boxes().filter((other) => other.column === one.column);
    const at = column.indexOf(one) + by;
    if (at < 0 || at >= column.length) {
      undo.say(fill(by < 0 ? words.first : words.last, { name: name(one) }));
      return;
    }
    const [from, to] = [boxes().indexOf(one), boxes().indexOf(column[at])];
    [boxes()[from], boxes()[to]] = [boxes()[to], boxes()[from]];
    changed(fill(words.moved, { name: name(one), place: at + 1 }));
  }

  function putInto(one, column) {
    held.value.boxes = [...boxes().filter((other) => other !== one), one];
    one.column = column;
    changed(fill(words.placed, { name: name(one), column: columnName(column) }));
  }

  function drawArrow(one, end) {
    if (held.value.arrows.length >= words.limits.arrows) return undo.say(words.full);
    held.value.arrows.push({ start: one.key, end, reason: "" });
    return changed(fill(words.drawn, { name: name(box(end)) }), { key: `${one.key} ${end} reason` });
  }

  function erase(arrow) {
    const undoable = structuredClone(held.value);
    held.value.arrows = held.value.arrows.filter((other) => other !== arrow);
    changed(fill(words.erased, { name: name(box(arrow.end)) }), { key: `${arrow.start} target`, undoable });
  }

  function toggle(key) {
    const closed = open === key ? key : "";
    open = closed ? "" : key;
    redraw();
    if (closed) focusOn(root, `${closed} face`);
  }

  // --- what stands there

  function drawColumn([column, title, meaning]) {
    const id = fresh("column");
    const mine = boxes().filter((one) => one.column === column);
    return make("section", {
      class: `kit-column${mine.some((one) => one.key === open) ? " kit-opened" : ""}`, "aria-labelledby": id,
    },
    make("p", { class: "kit-title", id }, title),
    make("p", { class: "kit-note" }, meaning),
    make("ul", { class: "kit-list" }, ...mine.map(drawBox)),
    make("button", {
      type: "button", class: "kit-add", "data-key": `${column} add`,
      "aria-label": fill(words.add_to, { column: title }), onclick: () => addBox(column),
    }, words.add));
  }

  function drawBox(one) {
    const isOpen = one.key === open;
    const after = held.value.arrows.filter((arrow) => arrow.start === one.key);
    const face = make("button", {
      type: "button", class: "kit-face", "data-key": `${one.key} face`, "aria-expanded": String(isOpen),
      onclick: () => toggle(one.key),
    },
    called(one, "span"),
    one.indicator.trim() && !isOpen
      ? make("span", { class: "kit-note" }, fill(words.measured, { indicator: one.indicator })) : null,
    ...(isOpen ? [] : after.map((arrow) => make("span", { class: "kit-note" }, "→ ", called(box(arrow.end), "span")))));
    return make("li", { class: `kit-box${isOpen ? " kit-open" : ""}` }, face, isOpen ? drawForm(one, after) : null);
  }

  /** An element with a box's name, which follows while the name is typed. */
  function called(one, tag, attributes = {}) {
    return make(tag, { ...attributes, "data-name-of": one.key }, name(one));
  }

  function typed(what, field, follow = () => {}) {
    return (event) => {
      what[field] = event.target.value;
      follow();
      if (before !== null) {
        before = null;
        undo.say("");
      }
      held.changed({ typing: true });
    };
  }

  function drawForm(one, after) {
    const field = (label, tag, key, limit, attributes) => {
      const input = make(tag, { "data-key": `${one.key} ${key}`, maxlength: limit, autocomplete: "off", ...attributes });
      input.value = one[key];
      return labelled(label, input);
    };
    const follow = () => {
      for (const other of root.querySelectorAll(`[data-name-of="${CSS.escape(one.key)}"]`))
        other.textContent = name(one);
    };
    const move = (by, at, sign) => make("button", {
      type: "button", class: "kit-small", "data-key": `${one.key} ${by}`,
      "aria-label": fill(at, { name: name(one) }), onclick: () => moveBox(one, by),
    }, sign);
    const { text } = words.limits;
    return make("div", {
      class: "kit-box-form", role: "group", "aria-label": fill(words.editing, { name: name(one) }),
      onkeydown: (event) => {
        if (event.key !== "Escape" || event.isComposing) return;
        event.stopPropagation(); // it leaves the form, not the canvas
        toggle(one.key);
      },
    },
    field(words.text, "textarea", "text", text, { rows: 3, oninput: typed(one, "text", follow) }),
    field(words.indicator, "input", "indicator", text, { oninput: typed(one, "indicator") }),
    field(words.source, "input", "source", text, { oninput: typed(one, "source") }),
    drawArrows(one, after),
    labelled(words.column, menu(words.columns.map(([key, title]) => [key, title]), one.column, {
      "data-key": `${one.key} column`, onchange: (event) => putInto(one, event.target.value),
    })),
    make("div", { class: "kit-buttons" },
      move(-1, words.up, "↑"), move(1, words.down, "↓"),
      make("button", { type: "button", onclick: () => deleteBox(one) }, words.delete),
      make("button", { type: "button", class: "kit-main", onclick: () => toggle(one.key) }, words.close)));
  }

  function drawArrows(one, after) {
    const drawn = after.map((arrow) => {
      const to = box(arrow.end);
      const reason = make("textarea", {
        rows: 2, maxlength: words.limits.reason, "data-key": `${one.key} ${arrow.end} reason`,
        oninput: typed(arrow, "reason"),
      });
      reason.value = arrow.reason;
      return make("div", { class: "kit-arrow" },
        labelled(fill(words.reason, { name: name(to) }), reason),
        make("button", { type: "button", onclick: () => erase(arrow) }, fill(words.erase, { name: name(to) })));
    });
    const taken = new Set([one.key, ...after.map((arrow) => arrow.end)]);
    const targets = words.columns
      .slice(place(one.column))
      .map(([column, title]) => [title, boxes()
        .filter((other) => other.column === column && !taken.has(other.key))
        .map((other) => [other.key, name(other)])])
      .filter(([, found]) => found.length)
      .sort(([a], [b]) => (a === columnName(one.column)) - (b === columnName(one.column)));
    const choose = menu(targets, "", { "data-key": `${one.key} target` });
    return make("fieldset", {},
      make("legend", {}, words.arrows),
      ...drawn,
      targets.length === 0 ? make("p", { class: "kit-note" }, words.no_target)
        : make("div", { class: "kit-new-arrow" }, labelled(words.target, choose),
          make("button", { type: "button", onclick: () => drawArrow(one, choose.value) }, words.draw)));
  }

  redraw();
  showAnswer();
  return held.flush;
}
