// What there is to take home, what was done, and the answer file of whoever wishes to hand one in.

function mount(control) {
  const { root, words, model } = control;
  const said = liveRegion({ class: "kit-said" });
  const pages = make("div", { class: "kit-pages" });
  const trouble = make("div", { "aria-live": "polite" });
  const again = make("button", { type: "button" }, words.make);
  const where = make("p", { class: "kit-note" });
  const done = make("dl", { class: "kit-done" });
  const answers = drawAnswers(control, fetch);
  root.classList.add("kit-finish");
  root.append(
    make("fieldset", {}, make("legend", {}, words.pages), trouble, pages,
      make("p", { class: "kit-note" }, words.fresh), again, said, where),
    make("fieldset", {}, make("legend", {}, words.done), done),
    answers.element,
  );

  let asked = null;
  again.addEventListener("click", () => ask("make", {}, words.made));
  function ask(kind, more, then) {
    said.textContent = words.making;
    asked = { kind, then };
    control.tell(kind, more);
  }
  function fetch(name) {
    ask("fetch", { name }, fill(words.got, { name }));
  }

  let drawn = "";
  function redraw() {
    const state = control.state();
    const now = JSON.stringify(state.pages);
    if (now !== drawn) drawPages(pages, state.pages, words, fetch); // else the focus stays where it is
    drawn = now;
    trouble.innerHTML = state.trouble; // made by our Python
    trouble.append(...state.notes.map((note) => make("p", { class: "kit-note" }, note)));
    where.textContent = state.where;
    done.replaceChildren(...state.done.flatMap(([label, text]) =>
      [make("dt", {}, label), make("dd", {}, text)]));
    answers.redraw(state);
    if (!asked || state.did !== asked.kind) return;
    said.textContent = state.trouble ? "" : asked.then;
    asked = null;
  }
  control.whenChanged(redraw);
  redraw();

  const save = (message, buffers) => {
    if (message && message.kind === "file") download(message, buffers[0]);
  };
  model.on("msg:custom", save);
  // What was done elsewhere since is told when the card is looked at.
  const seen = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) control.tell("look");
  });
  seen.observe(root);
  return () => {
    model.off("msg:custom", save);
    seen.disconnect();
  };
}

function drawPages(place, pages, words, fetch) {
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.name : "";
  place.replaceChildren(...pages.map(({ title, files }) => make("div", { class: "kit-page" },
    make("p", { class: "kit-title" }, title),
    make("div", { class: "kit-row" }, ...files.map(({ name, label, size }) => make("button", {
      type: "button", "data-name": name, "aria-label": fill(words.get, { title, label }),
      onclick: () => fetch(name),
    }, make("span", { "aria-hidden": "true" }, "↓ "), label, " ",
      make("small", {}, size)))),
  )));
  if (focused) place.querySelector(`[data-name="${CSS.escape(focused)}"]`)?.focus();
}

/** The answer file: first all that it would hold, then the button that writes it. */
function drawAnswers(control, fetch) {
  const { words } = control;
  const box = make("div", { id: fresh("sheet"), class: "kit-answers" });
  const open = make("button", { type: "button", "aria-controls": box.id, onclick: () => {
    control.tell(control.state().sheet ? "hide" : "sheet", { voices: false });
  } }, words.open);
  const parts = make("div", {});
  const tick = make("input", { type: "checkbox", id: fresh("voices"),
    onchange: () => control.tell("sheet", { voices: tick.checked }) });
  const raw = make("pre", { tabindex: "0" });
  const write = make("button", { type: "button", class: "kit-main",
    onclick: () => control.tell("write") }, words.write);
  const hide = make("button", { type: "button", onclick: () => {
    open.focus();
    control.tell("hide");
  } }, words.hide);
  const written = liveRegion({ class: "kit-said" });
  const get = make("button", { type: "button", hidden: true,
    onclick: () => fetch(control.state().answers) });
  box.append(
    make("p", {}, words.first), parts,
    make("p", {}, tick, make("label", { for: tick.id }, words.voices),
      make("br"), make("span", { class: "kit-note" }, words.voices_why)),
    make("details", {}, make("summary", {}, words.raw), raw),
    make("div", { class: "kit-row" }, write, hide),
  );
  const element = make("fieldset", {}, make("legend", {}, words.answers),
    make("p", { class: "kit-note" }, words.why), open, box, written, get);

  function redraw({ sheet, answers }) {
    box.hidden = !sheet;
    open.setAttribute("aria-expanded", String(Boolean(sheet)));
    written.textContent = answers ? fill(words.written, { name: answers }) : "";
    get.textContent = fill(words.download, { name: answers });
    get.hidden = !answers;
    if (!sheet) {
      tick.checked = false;
      return;
    }
    raw.textContent = sheet.json;
    parts.replaceChildren(...sheet.parts.map(({ title, lines }) => make("div", {},
      make("p", { class: "kit-title" }, title),
      lines.length ? null : make("p", { class: "kit-note" }, words.none),
      make("dl", {}, ...lines.flatMap(([label, text]) =>
        [label ? make("dt", {}, label) : null, make("dd", {}, text)].filter(Boolean))),
    )));
  }
  return { element, redraw };
}

/** Hand a file to the person: the bytes came over the notebook's own connection. */
function download({ name, type }, bytes) {
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const link = make("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}
