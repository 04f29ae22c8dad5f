// Sliders, menus and fields for words. What is drawn comes from kit.ask.controls: a description
// {kind: "slider" | "choice" | "text", label, help, value, …}; what a person did is `changed(value)`.

/** Draw one field; `words` are those of kit.ask.controls.words().
 *  Returns {element, inputs, show(field), say(sentence)}: `show` renews it without taking a word out
 *  of the hands of who is typing, `say` puts what is wrong below it (nothing: all is well); a menu
 *  has offer(allowed) too, which leaves out the options that `allowed(index)` refuses. */
function drawField(field, words, changed) {
  const draw = { slider: drawSlider, choice: drawChoice, text: drawText }[field.kind];
  const id = fresh("field");
  const help = field.help ? make("p", { class: "kit-note", id: `${id}-help` }, field.help) : null;
  const trouble = liveRegion({ class: "kit-trouble", id: `${id}-trouble` });
  const said = { id, "aria-describedby": `${help ? `${id}-help ` : ""}${id}-trouble` };
  const label = make("label", { for: id }, field.label);
  const parts = {};
  const say = (sentence = "") => {
    trouble.textContent = sentence;
    for (const input of parts.inputs) {
      if (sentence) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  };
  Object.assign(parts, draw(field, words, changed, { said, label, say }));
  const element = make("div", { class: `kit-field kit-${field.kind}` }, ...parts.rows, help, trouble);
  return { ...parts, element, say };
}

function drawSlider(first, words, changed, { said, label, say }) {
  let field = first;
  const unit = make("span", { class: "kit-unit", "aria-hidden": "true" }, field.unit);
  // Too wide for a thumb: the box alone.
  const range = field.boxed ? null : make("input", { type: "range", ...ends(field), ...said });
  const box = make("input", {
    type: "text", class: "kit-number", inputmode: field.low < 0 ? "text" : "decimal",
    autocomplete: "off", "aria-describedby": said["aria-describedby"],
    ...(range
      ? { "aria-label": fill(words.typed, { label: `${field.label} ${field.unit}`.trim() }) }
      : { id: said.id }),
  });
  const editing = () => box.matches(":focus") && box.dataset.edited === "yes";
  const stand = (value) => {
    if (range) {
      range.value = value;
      range.setAttribute("aria-valuetext", numberWithUnit(value, field));
    }
    if (!editing()) box.value = writtenNumber(value, field);
  };
  const move = (value) => {
    delete box.dataset.edited;
    field = { ...field, value: Number(Math.min(field.high, Math.max(field.low, value)).toFixed(10)) };
    stand(field.value);
    changed(field.value);
  };
  const typed = () => {
    if (box.dataset.edited !== "yes") return;
    delete box.dataset.edited;
    const { value, asTyped, sentence } = readNumber(box.value, field, words);
    if (field.strict && !asTyped) {
      changed(box.value); // the kernel says what is wrong with it
      return;
    }
    say(sentence);
    move(value);
  };
  if (range) range.addEventListener("input", () => {
    say();
    move(Number(range.value));
  });
  box.addEventListener("input", () => (box.dataset.edited = "yes"));
  box.addEventListener("change", typed);
  box.addEventListener("blur", typed);
  box.addEventListener("keydown", (event) => {
    const steps = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (event.key === "Enter" && !event.isComposing) typed();
    if (!steps || event.isComposing) return;
    event.preventDefault();
    typed();
    say();
    move(field.value + steps * field.step);
  });
  stand(field.value);
  const typing = make("span", { class: "kit-typed" }, box, unit);
  return {
    inputs: [box],
    rows: [make("div", { class: "kit-field-head" }, label, typing), range],
    show: (newer) => {
      field = newer;
      if (range) Object.assign(range, ends(field));
      stand(field.value);
    },
  };
}

/** The ends of a slider; `from` lets it stand on round numbers where its low end is none. */
function ends(field) {
  return { min: field.from ?? field.low, max: field.high, step: field.step };
}

function drawChoice(first, words, changed, { said, label, say }) {
  let field = first;
  const select = make("select", said);
  const option = (index) => make("option", { value: index }, field.options[index]);
  const everyOne = field.options.map((_, index) => index);
  // What is chosen is always there; groups without an option are not.
  const offer = (allowed) => {
    const shown = everyOne.filter((index) => index === field.value || allowed(index));
    const groups = (field.groups ?? []).map(([name, members]) => {
      const own = members.filter((index) => shown.includes(index));
      return own.length ? make("optgroup", { label: name }, ...own.map(option)) : null;
    });
    select.replaceChildren(...(groups.length ? groups.filter(Boolean) : shown.map(option)));
    select.value = field.value;
  };
  select.addEventListener("change", () => {
    say();
    field = { ...field, value: Number(select.value) };
    changed(field.value);
  });
  offer(() => true);
  return {
    inputs: [select],
    rows: [label, select],
    offer,
    show: (newer) => {
      field = newer;
      if (![...select.options].some((o) => Number(o.value) === field.value)) offer(() => true);
      select.value = field.value;
    },
  };
}

function drawText(field, words, changed, { said, label, say }) {
  const input = field.rows > 1
    ? make("textarea", { rows: field.rows, maxlength: field.most, ...said })
    : make("input", { type: "text", maxlength: field.most, autocomplete: "off", ...said });
  input.value = field.value;
  const count = () => {
    const long = input.value.length > field.most * 0.8;
    say();
    const used = { count: input.value.length, most: field.most };
    length.textContent = long ? fill(words.length, used) : "";
  };
  const length = make("p", { class: "kit-note kit-length" });
  input.addEventListener("input", () => {
    count();
    changed(input.value);
  });
  return {
    inputs: [input],
    rows: [label, input, length],
    show: (newer) => {
      if (!input.matches(":focus") && input.value !== newer.value) input.value = newer.value;
    },
  };
}

/** A number as its reader writes it: 1,234.5 */
function writtenNumber(value, field) {
  return new Intl.NumberFormat("en-US", {
    useGrouping: field.comma,
    minimumFractionDigits: field.digits,
    maximumFractionDigits: field.digits,
    signDisplay: field.sign ? "always" : "auto",
  }).format(value);
}

function numberWithUnit(value, field) {
  const gap = field.unit && field.unit !== "%" ? " " : "";
  return writtenNumber(value, field) + gap + field.unit;
}

/** The number that was typed, in whatever width, and whether it could be taken as it was; the one
 *  before, with a sentence, if it is none. */
function readNumber(text, field, words) {
  let typed = text.normalize("NFKC").trim();
  const unit = field.unit.normalize("NFKC");
  if (unit && typed.endsWith(unit)) typed = typed.slice(0, -unit.length);
  typed = typed.replace(/[\s,%]/g, "").replace(/[−ー]/g, "-");
  if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(typed))
    return { value: field.value, asTyped: false, sentence: words.number };
  const number = Number(typed);
  const value = Math.min(field.high, Math.max(field.low, field.whole ? Math.round(number) : number));
  const beyond = number < field.low || number > field.high;
  const allowed = { low: numberWithUnit(field.low, field), high: numberWithUnit(field.high, field) };
  return { value, asTyped: value === number, sentence: beyond ? fill(words.range, allowed) : "" };
}
