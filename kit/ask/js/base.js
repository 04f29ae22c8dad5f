// What every control shares. A control's own script defines `mount(control)` and draws into
// `control.root` from `control.state()`; it says what a person did with `control.tell(kind, more)`.

/** Make an element: make("button", {type: "button", onclick: f}, "words", child). */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined)
      element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Fill the {names} of a sentence. */
function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

/** An id that no other control on the page has. */
let made = 0;
const page = Math.random().toString(36).slice(2, 8);
function fresh(name) {
  made += 1;
  return `kit-${page}-${name}-${made}`;
}

/** A region whose text is read out when it changes. */
function liveRegion(attributes = {}) {
  return make("div", { role: "status", "aria-live": "polite", ...attributes });
}

/** Whether a key means "back to the notebook": Escape, or the keys that run a cell. */
function leaves(event) {
  const runs = event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey);
  return (event.key === "Escape" || runs) && !event.isComposing;
}

/** Hand the keyboard back to the notebook, whose own keys then work again. */
function goBack(root) {
  const notebook = root.closest(".jp-Notebook");
  if (!notebook) return;
  notebook.setAttribute("tabindex", notebook.getAttribute("tabindex") ?? "-1");
  notebook.focus({ preventScroll: true });
}

function render({ model, el }) {
  // Lab and Notebook would take arrows, Enter and letters for their own commands.
  const root = make("div", { class: "kit-live", "data-lm-suppress-shortcuts": "true" });
  const stay = (event) => {
    event.stopPropagation();
    if (event.type === "keydown" && leaves(event)) goBack(root);
  };
  for (const kind of ["keydown", "keyup", "keypress"]) root.addEventListener(kind, stay);
  // Notebook looks before the event arrives here, and at what has the focus first of all.
  root.addEventListener("focusin", ({ target }) =>
    target.setAttribute("data-lm-suppress-shortcuts", "true"));
  const words = model.get("words");
  if (words.language) root.setAttribute("lang", words.language);
  el.append(root);
  const redraws = [];
  const control = {
    model,
    root,
    words,
    state: () => model.get("state"),
    tell: (kind, more = {}) => model.send({ kind, ...more }),
    /** Call `redraw` now and whenever the state changes. */
    whenChanged: (redraw) => {
      redraws.push(redraw);
      model.on("change:state", redraw);
    },
  };
  const leave = mount(control);
  const unread = furigana(root, model.get("furigana"));
  return () => {
    if (unread) unread();
    for (const redraw of redraws) model.off("change:state", redraw);
    if (typeof leave === "function") leave();
  };
}

export default { render };
