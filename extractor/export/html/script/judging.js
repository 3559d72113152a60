// The reader's verdicts. What is judged, and how it is shown, `stateOf`, `press` and `showProgress` say.
const states = new WeakMap();

function showVerdict(section, key) {
  const verdict = stateOf(section).verdicts.get(key);
  const item = document.getElementById(`${section.id}-${key}`);
  for (const button of item.querySelectorAll(".review button")) {
    button.setAttribute("aria-pressed", String(button.dataset.verdict === verdict));
  }
  item.classList.toggle("is-rejected", verdict === "rejected");
}

function decide(section, key, verdict) {
  const state = stateOf(section);
  if (verdict !== "corrected") state.edits?.delete(key);
  if (verdict) state.verdicts.set(key, verdict);
  else state.verdicts.delete(key);
  state.saved = false;
  showVerdict(section, key);
  showProgress();
}

const KEYS = { a: "accepted", c: "corrected", r: "rejected" };

function startReview() {
  for (const group of document.querySelectorAll(".review")) group.hidden = false;
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".review button");
    if (button) press(current, button.closest("[data-item]").dataset.item, button.dataset.verdict);
  });
  document.addEventListener("keydown", (event) => {
    const item = event.target.closest?.("[data-item]");
    if (!item || event.target.closest("form") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (item.querySelector(`.review [data-verdict="${KEYS[event.key]}"]`)) {
      event.preventDefault();
      press(current, item.dataset.item, KEYS[event.key]);
    } else if (event.key === "j" || event.key === "k") {
      const items = [...current.querySelectorAll("[data-item]")].filter((one) => !one.hidden);
      const next = items[items.indexOf(item) + (event.key === "j" ? 1 : -1)];
      if (next) entryOf(next).focus();
    }
  });
  addEventListener("beforeunload", (event) => {
    if (sections.some((section) => states.has(section) && !states.get(section).saved)) event.preventDefault();
  });
}
