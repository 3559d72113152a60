// A report's data and what the reader decided about it; read when it is first wanted.
function stateOf(section) {
  if (!states.has(section)) {
    const { report, passages } = JSON.parse(section.querySelector("script.data").textContent);
    const text = report.document?.text;
    const known = typeof text === "string" ? [[0, text]] : passages;
    states.set(section, { report, passages: known, verdicts: new Map(), edits: new Map(), saved: true });
  }
  return states.get(section);
}

function itemOf(state, key) {
  const held = state.edits.get(key);
  return held ?? state.report[key[0] === "c" ? "claims" : "incidents"][Number(key.slice(1))];
}
