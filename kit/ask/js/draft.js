// What people make: cards in an order, boxes with arrows, steps of a journey. The whole draft lives
// in the browser and travels to Python as it is; Python sends back what it could read of it, and
// what it has made of it. See kit/ask/draft.py.
const PAUSE = 400; // milliseconds without a key until typing is sent

/** Hold the draft as the person has it, ahead of what Python has heard of it.
 *  `heard(news)` is called when Python answers; `news` says whether it holds another draft. */
function holdDraft(control, heard) {
  let waiting;
  control.root.classList.add("kit-draft");
  const held = { value: structuredClone(control.state().draft), turn: control.state().turn };
  const send = () => {
    clearTimeout(waiting);
    waiting = undefined;
    control.tell("draft", { draft: held.value, turn: held.turn });
  };
  /** Say that the value was changed. While somebody types, it is sent at a pause. */
  held.changed = ({ typing = false } = {}) => {
    held.turn += 1;
    clearTimeout(waiting);
    if (typing) waiting = setTimeout(send, PAUSE);
    else send();
  };
  /** Send what still waits. */
  held.flush = () => {
    if (waiting !== undefined) send();
  };
  control.whenChanged(() => {
    const { draft, turn } = control.state();
    if (turn < held.turn) return; // an answer to something older
    const news = JSON.stringify(draft) !== JSON.stringify(held.value);
    held.turn = turn;
    if (news) held.value = structuredClone(draft);
    heard(news);
  });
  control.root.addEventListener("focusout", held.flush);
  return held;
}

/** Return a function that calls `draw` so that the element in use, found again by its data-key,
 *  keeps the focus and the caret. While a word is being composed, as Japanese is, drawing waits. */
function steady(root, draw) {
  let composing = false;
  let waiting = false;
  function redraw() {
    waiting = composing;
    if (waiting) return;
    const used = root.getRootNode().activeElement;
    const key = root.contains(used) ? used.dataset.key : undefined;
    const caret = key && "selectionStart" in used ? [used.selectionStart, used.selectionEnd] : null;
    draw();
    if (key && !used.isConnected) focusOn(root, key, caret);
  }
  root.addEventListener("compositionstart", () => (composing = true));
  root.addEventListener("compositionend", () => {
    composing = false;
    if (waiting) redraw();
  });
  return redraw;
}

/** Put the focus on the element with this data-key; returns whether there is one. */
function focusOn(root, key, caret = null) {
  const found = root.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!found) return false;
  found.focus({ preventScroll: caret !== null });
  if (caret && caret[0] !== null) found.setSelectionRange(...caret);
  return true;
}

/** A label above a native control; `control` gets the label's id. */
function labelled(label, control, ...after) {
  control.id = fresh("field");
  return make("div", { class: "kit-labelled" }, make("label", { for: control.id }, label), control, ...after);
}

/** A menu of [value, name] pairs, or of [name of a group, pairs]. */
function menu(pairs, chosen, attributes) {
  const option = ([value, name]) =>
    make("option", { value, selected: String(value) === String(chosen) }, name);
  const options = pairs.map(([first, second]) =>
    Array.isArray(second)
      ? make("optgroup", { label: first }, ...second.map(option))
      : option([first, second]));
  return make("select", attributes, ...options);
}

/** A line that is read out, and a button that takes the last deletion back. */
function undoLine(words, back) {
  const said = liveRegion();
  const button = make("button", { type: "button", hidden: true, onclick: () => back() }, words.undo);
  const line = make("div", { class: "kit-undo" }, said, button);
  return {
    line,
    /** Say a sentence; with `undo` it can be taken back. */
    say: (sentence, { undo = false } = {}) => {
      said.textContent = sentence;
      button.hidden = !undo;
    },
  };
}
