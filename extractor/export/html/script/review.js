// Accepted, corrected, rejected: pressing the same button again takes it back.
function closeForm(section, key) {
  const item = document.getElementById(`${section.id}-${key}`);
  item.querySelector("form.correct")?.remove();
  item.querySelector("[data-verdict=corrected]").setAttribute("aria-expanded", "false");
}

function openForm(section, key) {
  const item = document.getElementById(`${section.id}-${key}`);
  const button = item.querySelector("[data-verdict=corrected]");
  if (item.querySelector("form.correct")) {
    closeForm(section, key);
    return;
  }
  const state = stateOf(section);
  const held = itemOf(state, key);
  const near = (held.content?.[0] ?? held.evidence?.[0] ?? held.source)?.start ?? 0;
  const editors = editorsOf({ state, near }, key[0] === "c" ? CLAIM : INCIDENT, held);
  const keep = (event) => {
    event.preventDefault();
    const told = { ...held };
    try {
      for (const [name, editor] of editors) told[name] = editor.read();
    } catch (error) {
      if (!(error instanceof Amiss)) throw error;
      return;
    }
    state.edits.set(key, told);
    closeForm(section, key);
    decide(section, key, "corrected");
    button.focus();
  };
  const cancel = () => {
    closeForm(section, key);
    button.focus();
  };
  const form = make(
    "form", { class: "correct", novalidate: true, submit: keep, "aria-label": `Correct ${held.id}` },
    ...editors.map(([, editor]) => editor.element),
    make("div", { class: "row" }, make("button", { type: "submit" }, "Keep"), make("button", { type: "button", click: cancel }, "Cancel")),
  );
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") cancel();
  });
  item.append(form);
  button.setAttribute("aria-expanded", "true");
  form.querySelector("textarea, select").focus();
}

function press(section, key, verdict) {
  if (verdict === "corrected") return openForm(section, key);
  closeForm(section, key);
  return decide(section, key, stateOf(section).verdicts.get(key) === verdict ? null : verdict);
}

function showProgress() {
  const bar = document.querySelector(".saving");
  const { report, verdicts } = stateOf(current);
  const all = report.claims.length + report.incidents.length;
  bar.hidden = all === 0;
  bar.querySelector("progress").max = Math.max(all, 1);
  bar.querySelector("progress").value = verdicts.size;
  bar.querySelector("[role=status]").textContent = `${verdicts.size} of ${all} checked`;
  bar.querySelector(".save-text").hidden = typeof report.document?.text !== "string";
}
