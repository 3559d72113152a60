const sections = [...document.querySelectorAll(".report")];
const states = new WeakMap();
let current = sections[0] ?? null;

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

function showReport(section) {
  if (section !== current) selected = null;
  current = section;
  for (const other of sections) other.hidden = other !== section;
  const picker = document.querySelector(".picker select");
  picker.value = String(sections.indexOf(section));
  document.title = section.dataset.name;
  showProgress();
}

function openAddress() {
  const target = document.getElementById(location.hash.slice(1));
  const section = target?.closest(".report");
  if (!section) return;
  showReport(section);
  if (target.dataset.item) {
    target.hidden = false;
    target.querySelector(".find").focus({ preventScroll: true });
  }
  target.scrollIntoView({ block: "center" });
}

function startPicker() {
  const picker = document.querySelector(".picker");
  const select = picker.querySelector("select");
  select.append(...sections.map((section, n) => make("option", { value: String(n) }, `${n + 1} · ${section.dataset.name}`)));
  const go = (number) => {
    showReport(sections[(number + sections.length) % sections.length]);
    scrollTo(0, 0);
  };
  select.addEventListener("change", () => go(Number(select.value)));
  for (const button of picker.querySelectorAll("button")) {
    button.addEventListener("click", () => go(Number(select.value) + Number(button.dataset.go)));
  }
  picker.hidden = sections.length < 2;
}
