// Furigana over the words of a control: ruby, put there after the control has drawn itself, so that
// no other script needs to know of it.

const RUN = /[0-9０-９]*[々〆ヶ\u3400-\u9fff]+/g;
const LEFT = "ruby, code, pre, svg, math, option, textarea, script, style";

/** Show how the words of `root` are read, now and whenever they change. */
function furigana(root, readings) {
  if (!Object.keys(readings).length) return null;
  const watch = new MutationObserver(annotate);
  annotate();
  return () => watch.disconnect();

  function annotate() {
    watch.disconnect();
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    for (const text of texts)
      if (text.parentElement && !text.parentElement.closest(LEFT)) replace(text);
    watch.observe(root, { childList: true, characterData: true, subtree: true });
  }

  function replace(text) {
    const parts = [];
    let at = 0;
    for (const { 0: run, index } of text.data.matchAll(RUN)) {
      const after = text.data[index + run.length] ?? "";
      const kanji = run.replace(/^[0-9０-９]+/, "");
      const pieces =
        readings[run + after] ?? readings[run] ?? readings[kanji + after] ?? readings[kanji];
      if (!pieces) continue;
      const length = pieces.reduce((sum, [base]) => sum + base.length, 0);
      const start = index + run.length - length;
      parts.push(text.data.slice(at, start));
      for (const [base, reading] of pieces)
        parts.push(make("ruby", {}, base, make("rt", {}, reading)));
      at = index + run.length;
    }
    if (parts.length) text.replaceWith(...parts, text.data.slice(at));
  }
}

/** The text of an element without its readings. */
function textOf(element) {
  const copy = element.cloneNode(true);
  for (const reading of copy.querySelectorAll("rt")) reading.remove();
  return copy.textContent;
}
