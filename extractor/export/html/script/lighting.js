// A claim or incident and its words in the article are lit together, from either side.
const marksOf = new WeakMap();

function marksIn(section) {
  if (!marksOf.has(section)) {
    const byKey = new Map();
    for (const mark of section.querySelectorAll(".text mark")) {
      for (const key of mark.dataset.items.split(" ")) {
        if (!byKey.has(key)) byKey.set(key, []);
        byKey.get(key).push(mark);
      }
    }
    marksOf.set(section, byKey);
  }
  return marksOf.get(section);
}

let lit = [];

function darken() {
  for (const element of lit) element.classList.remove("lit", "dimmed");
  lit = [];
}

function light(section, keys) {
  darken();
  const byKey = marksIn(section);
  for (const key of keys) {
    lit.push(...(byKey.get(key) ?? []));
    lit.push(...[document.getElementById(`${section.id}-${key}`)].filter(Boolean));
  }
  for (const element of lit) element.classList.add("lit");
  const text = section.querySelector(".text");
  text.classList.add("dimmed");
  lit.push(text);
}

// What a place of the article belongs to: claims before incidents.
function keysOf(mark) {
  const keys = mark.dataset.items.split(" ");
  const claims = keys.filter((key) => key[0] === "c" && !document.getElementById(`${current.id}-${key}`).hidden);
  return claims.length ? claims : keys.filter((key) => key[0] === "i");
}

function lightFrom(element) {
  const mark = element.closest?.(".text mark");
  const item = element.closest?.("[data-item]");
  if (mark) light(current, keysOf(mark));
  else if (item) light(current, [item.dataset.item]);
  return Boolean(mark || item);
}

function startLighting() {
  const focused = () => document.activeElement?.closest("[data-item]");
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch" || getSelection().type === "Range") return;
    if (!lightFrom(event.target)) focused() ? lightFrom(focused()) : darken();
  });
  document.addEventListener("focusin", (event) => lightFrom(event.target) || darken());
  document.addEventListener("click", (event) => {
    const found = event.target.closest(".find");
    const mark = event.target.closest(".text mark");
    if (found) marksIn(current).get(found.dataset.find)?.[0]?.scrollIntoView({ block: "center" });
    if (mark && getSelection().isCollapsed && keysOf(mark).length) {
      const keys = keysOf(mark);
      const item = document.getElementById(`${current.id}-${keys[0]}`);
      item.querySelector(".find").focus({ preventScroll: true });
      light(current, keys);
      item.scrollIntoView({ block: "nearest" });
    }
  });
}
