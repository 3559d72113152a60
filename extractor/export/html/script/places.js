// Offsets are code points of the article; strings of the script count UTF-16 units.
const points = (text) => [...text].length;

// Where these words stand, as near as can be to a place; null when they stand nowhere.
function find(passages, words, near) {
  let best = null;
  for (const [start, text] of passages) {
    let counted = 0, place = start;
    for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
      place += points(text.slice(counted, at));
      counted = at;
      if (best === null || Math.abs(place - near) < Math.abs(best - near)) best = place;
    }
  }
  return best === null ? null : { start: best, end: best + points(words) };
}

// The words between two code points; null when the report does not hold them.
function wordsAt(passages, start, end) {
  for (const [first, text] of passages) {
    const signs = [...text];
    if (first <= start && end <= first + signs.length) return signs.slice(start - first, end - first).join("");
  }
  return null;
}

// The code point that an end of a selection lies at.
function placeOf(node, offset, text) {
  if (node.nodeType === Node.TEXT_NODE) {
    const piece = node.parentElement.closest("[data-start]");
    return piece && text.contains(piece) ? Number(piece.dataset.start) + points(node.data.slice(0, offset)) : null;
  }
  const range = document.createRange();
  range.setStart(node, offset);
  const pieces = [...text.querySelectorAll("[data-start]")];
  const next = pieces.find((piece) => range.comparePoint(piece, 0) >= 0);
  if (next) return Number(next.dataset.start);
  const last = pieces.at(-1);
  return last ? Number(last.dataset.start) + points(last.textContent) : null;
}

let selected = null; // What was last selected in an article: {section, start, end}.

document.addEventListener("selectionchange", () => {
  const selection = getSelection();
  const text = current?.querySelector(".text");
  if (!text || selection.isCollapsed || !text.contains(selection.anchorNode) || !text.contains(selection.focusNode)) return;
  const range = selection.getRangeAt(0);
  const start = placeOf(range.startContainer, range.startOffset, text);
  const end = placeOf(range.endContainer, range.endOffset, text);
  if (start !== null && end !== null && start < end) selected = { section: current, start, end };
});

// The selection without white space at its ends, with its words.
function selection(passages) {
  const words = selected?.section === current && wordsAt(passages, selected.start, selected.end);
  if (!words || !words.trim()) return null;
  const start = selected.start + points(words) - points(words.trimStart());
  return { start, end: start + points(words.trim()), words: words.trim() };
}
