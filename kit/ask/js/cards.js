// Cards in an order, or in groups. Buttons and menus do everything; dragging by the grip is quicker
// for those who can.
function mount(control) {
  const { root, words } = control;
  const held = holdDraft(control, (news) => {
    if (news) redraw();
    trouble.textContent = control.state().trouble;
  });
  const groups = control.state().groups;
  root.classList.add("kit-cards");
  const table = make("div");
  const said = liveRegion({ class: "kit-hidden" });
  const trouble = liveRegion({ class: "kit-trouble" });
  const title = fresh("title");
  root.append(
    make("div", { role: "group", "aria-labelledby": title },
      make("p", { class: "kit-title", id: title }, words.title),
      make("p", { class: "kit-note" }, words.help),
      table),
    said, trouble);
  const redraw = steady(root, () => table.replaceChildren(...(groups.length ? drawGroups() : [drawOrder()])));
  redraw();
  trouble.textContent = control.state().trouble;

  // --- an order

  function drawOrder() {
    return make("ol", { class: "kit-list" }, ...held.value.map(({ card }, place) => {
      const move = (by, at, end) => make("button", {
        type: "button", class: "kit-small", "data-key": `${card} ${by}`,
        "aria-label": fill(at, { name: card }), "aria-disabled": end && "true",
        onclick: () => moveTo(place, place + by),
      }, by < 0 ? "↑" : "↓");
      return make("li", { class: "kit-card-item", "data-place": place },
        grip(place),
        make("span", { class: "kit-place" }, `${place + 1}`),
        make("span", { class: "kit-card-text" }, card),
        make("span", { class: "kit-buttons" },
          move(-1, words.up, place === 0),
          move(1, words.down, place === held.value.length - 1)));
    }));
  }

  function moveTo(from, to) {
    const { card } = held.value[from];
    if (to < 0 || to >= held.value.length) {
      said.textContent = fill(to < 0 ? words.first : words.last, { name: card });
      return;
    }
    held.value.splice(to, 0, ...held.value.splice(from, 1));
    redraw();
    said.textContent = fill(words.moved, { name: card, place: to + 1 });
    held.changed();
  }

  // --- groups

  function drawGroups() {
    const choices = [["", words.rest], ...groups.map((name) => [name, name])];
    return choices.map(([group, name]) => {
      const heading = fresh("group");
      const items = held.value
        .map((item, place) => ({ ...item, place }))
        .filter((item) => item.group === group);
      if (group === "" && items.length === 0) return "";
      const list = items.length === 0 ? make("p", { class: "kit-note" }, words.empty)
        : make("ul", { class: "kit-list", "aria-labelledby": heading }, ...items.map(({ card, place }) =>
          make("li", { class: "kit-card-item", "data-place": place },
            grip(place),
            make("span", { class: "kit-card-text" }, card),
            menu(choices, group, {
              "data-key": `${card} group`, "aria-label": fill(words.group, { name: card }),
              onchange: (event) => putInto(place, event.target.value),
            }))));
      return make("section", { class: "kit-group", "data-group": group },
        make("p", { class: "kit-title", id: heading }, name), list);
    });
  }

  function putInto(place, group) {
    const [item] = held.value.splice(place, 1);
    held.value.push({ ...item, group }); // last in its group
    redraw();
    said.textContent = fill(words.grouped, { name: item.card, group: group || words.rest });
    held.changed();
  }

  // --- dragging

  function grip(place) {
    return make("span", { class: "kit-grip", "aria-hidden": "true", onpointerdown: (event) => {
      if (event.button === 0) drag(event, place);
    } }, "⠿");
  }

  function drag(start, place) {
    start.preventDefault();
    const item = start.target.closest("[data-place]");
    item.classList.add("kit-dragged");
    let drop;
    const unmark = () => {
      for (const name of ["kit-before", "kit-after", "kit-into"])
        for (const marked of root.querySelectorAll(`.${name}`)) marked.classList.remove(name);
    };
    const over = (event) => {
      unmark();
      drop = undefined;
      const under = root.getRootNode().elementFromPoint(event.clientX, event.clientY);
      const target = under && root.contains(under)
        ? under.closest(groups.length ? "[data-group]" : "[data-place]") : null;
      if (!target) return;
      if (groups.length) {
        target.classList.add("kit-into");
        drop = () => putInto(place, target.dataset.group);
        return;
      }
      const box = target.getBoundingClientRect();
      const below = event.clientY > box.top + box.height / 2;
      const gap = Number(target.dataset.place) + (below ? 1 : 0);
      target.classList.add(below ? "kit-after" : "kit-before");
      const to = gap > place ? gap - 1 : gap;
      if (to !== place) drop = () => moveTo(place, to);
    };
    const stop = (event) => {
      document.removeEventListener("pointermove", over);
      document.removeEventListener("pointerup", stop);
      document.removeEventListener("pointercancel", stop);
      document.removeEventListener("keydown", cancel, true);
      unmark();
      item.classList.remove("kit-dragged");
      if (event.type === "pointerup" && drop) drop();
    };
    const cancel = (event) => {
      if (event.key === "Escape") stop(event);
    };
    document.addEventListener("pointermove", over);
    document.addEventListener("pointerup", stop);
    document.addEventListener("pointercancel", stop);
    document.addEventListener("keydown", cancel, true);
  }

  return held.flush;
}
