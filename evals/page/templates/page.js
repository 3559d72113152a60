"use strict";

// A link into a closed article opens it, and shows which place is meant.
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let node = target; node; node = node.parentElement) {
    if (node instanceof HTMLDetailsElement) node.open = true;
  }
  const article = target.closest("details.article");
  const items = article
    ? [...article.querySelectorAll(".side a")].filter((a) => a.hash === location.hash).map((a) => a.closest("[data-item]"))
    : [];
  if (items.length && !items.some((item) => item.classList.contains("lit"))) light(article, [items[0].dataset.item], "text");
  target.scrollIntoView();
}

// An item of a list and its words in the text are lit together.
function light(article, keys, from) {
  for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
  for (const piece of article.querySelectorAll("[data-items]")) {
    piece.classList.toggle("lit", piece.dataset.items.split(" ").some((key) => keys.includes(key)));
  }
  let first = null;
  for (const item of article.querySelectorAll("[data-item]")) {
    if (!keys.includes(item.dataset.item)) continue;
    item.classList.add("lit");
    const list = item.closest("details.list");
    if (!first && list.open) first = item;
  }
  if (from === "text" && first) first.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const piece = event.target.closest("[data-items]");
  const item = event.target.closest("[data-item]");
  const article = event.target.closest("details.article");
  if (piece) light(article, piece.dataset.items.split(" "), "text");
  else if (item) light(article, [item.dataset.item], "list");
});

document.addEventListener("focusin", (event) => {
  const item = event.target.closest("[data-item]");
  if (item) light(item.closest("details.article"), [item.dataset.item], "list");
});

for (const button of document.querySelectorAll("[data-all]")) {
  button.addEventListener("click", () => {
    for (const article of document.querySelectorAll("details.article")) article.open = button.dataset.all === "open";
  });
}
for (const scripted of document.querySelectorAll(".scripted")) scripted.hidden = false;

window.addEventListener("hashchange", openTarget);
openTarget();
