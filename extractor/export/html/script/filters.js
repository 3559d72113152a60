// Claims that a filter leaves out are hidden, and so are their marks.
function applyFilters(section) {
  const wanted = [...section.querySelectorAll("[data-filter]")].filter((select) => select.value);
  const claims = [...section.querySelectorAll(".claim")];
  const out = new Set();
  for (const claim of claims) {
    claim.hidden = !wanted.every((select) => claim.dataset[select.dataset.filter].split(" ").includes(select.value));
    if (claim.hidden) out.add(claim.dataset.item);
  }
  const said = claims.flatMap((claim) => marksIn(section).get(claim.dataset.item) ?? []);
  for (const mark of new Set(said)) {
    const keys = mark.dataset.items.split(" ").filter((key) => key[0] === "c");
    mark.classList.toggle("off", keys.every((key) => out.has(key)));
  }
  const status = section.querySelector(".filters [role=status]");
  status.textContent = out.size ? `${claims.length - out.size} of ${claims.length} claims` : "";
}

function startFilters() {
  for (const filters of document.querySelectorAll(".filters")) filters.hidden = false;
  document.addEventListener("change", (event) => {
    if (event.target.dataset.filter) applyFilters(event.target.closest(".report"));
  });
}
