// The workshop's own parameters. A value is sent when the hand rests; what the kernel finds wrong
// with it stands at its field, and what follows from it below.
const REST = 250; // milliseconds

function mount(control) {
  const { root, words } = control;
  const sheet = make("fieldset", { class: "kit-settings-sheet" }, make("legend", {}, words.title));
  const news = liveRegion({ class: "kit-settings-news" });
  const fields = {};
  const resting = {};
  let said = "";

  for (const field of control.state().fields) {
    const send = (value) => {
      clearTimeout(resting[field.name]);
      resting[field.name] = setTimeout(() => {
        delete resting[field.name];
        control.tell("set", { name: field.name, value });
      }, REST);
    };
    fields[field.name] = drawField(field, words, send);
    if (field.spoken) sheet.append(search(field, fields[field.name], words));
    sheet.append(fields[field.name].element);
  }
  const reset = make("button", { type: "button", onclick: () => control.tell("reset") }, words.reset);
  const reload = words.reload
    ? make("button", { type: "button", class: "kit-main", onclick: () => location.reload() }, words.reload)
    : null;
  const buttons = make("p", { class: "kit-buttons" }, reset, reload);
  root.append(sheet, news, buttons);

  function redraw() {
    const state = control.state();
    for (const field of state.fields) {
      if (resting[field.name]) continue; // a newer value is on its way
      const trouble = state.troubles[field.name] ?? "";
      if (!trouble) fields[field.name].show(field);
      fields[field.name].say(trouble);
    }
    const wrong = Object.keys(state.troubles).length > 0;
    reset.disabled = !wrong && state.changed.length === 0;
    if (reload) reload.hidden = !state.stale || wrong;
    const told = [...state.dropped, state.kept, wrong ? words.wrong : ""].filter(Boolean);
    const key = JSON.stringify([told, state.changed, state.stale, wrong]);
    if (key === said) return; // what has been said is not said again
    said = key;
    const list = make("ul", {}, ...state.changed.map((change) => make("li", {}, change)));
    news.replaceChildren(
      ...told.map((sentence) => make("p", { class: "kit-trouble" }, sentence)),
      make("p", {}, state.changed.length ? words.changed : words.same),
      ...(state.changed.length ? [list] : []),
      ...(state.stale && !wrong ? [make("p", { class: "kit-next" }, words.next)] : []),
    );
  }

  redraw();
  control.whenChanged(redraw);
  return () => Object.values(resting).forEach(clearTimeout);
}

/** A box that leaves in the menu of `field` only what fits what is typed; Enter goes there. */
function search(field, drawn, words) {
  const id = fresh("search");
  const found = liveRegion({ class: "kit-note", id: `${id}-found` });
  const input = make("input", {
    type: "search", id, autocomplete: "off", "aria-describedby": `${id}-found`,
  });
  const select = drawn.inputs[0];
  const fitting = () => {
    const wanted = input.value.normalize("NFKC").trim().toLowerCase();
    const katakana = /[ァ-ヶ]/g;
    const asHiragana = wanted.replace(katakana, (c) => String.fromCharCode(c.charCodeAt(0) - 0x60));
    return field.spoken.map((spoken) => spoken.includes(wanted) || spoken.includes(asHiragana));
  };
  input.addEventListener("input", () => {
    const fits = fitting();
    const count = fits.filter(Boolean).length;
    drawn.offer((index) => count === 0 || fits[index]);
    found.textContent = !input.value.trim() ? ""
      : count ? fill(words.found, { count }) : words.none;
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    const fits = fitting();
    const only = fits.filter(Boolean).length === 1 ? fits.indexOf(true) : -1;
    if (only >= 0 && input.value.trim()) {
      select.value = only;
      select.dispatchEvent(new Event("change"));
    }
    select.focus();
  });
  const label = make("label", { for: id }, fill(words.search, { label: field.label }));
  return make("div", { class: "kit-search" }, label, input, found);
}
