const sections = [...document.querySelectorAll(".report")];
let current = sections[0] ?? null;

// One report or dossier is shown at a time.
function showSection(section) {
  current = section;
  for (const other of sections) other.hidden = other !== section;
  const picker = document.querySelector(".picker select");
  picker.value = String(sections.indexOf(section));
  document.title = section.dataset.name;
  showProgress();
}

// What of an item takes the focus.
const entryOf = (item) => item.querySelector(".find, .review button");

function openAddress() {
  const target = document.getElementById(location.hash.slice(1));
  const section = target?.closest(".report");
  if (!section) return;
  showSection(section);
  if (target.dataset.item) {
    target.hidden = false;
    entryOf(target).focus({ preventScroll: true });
  }
  target.scrollIntoView({ block: "center" });
}

function startPicker() {
  const picker = document.querySelector(".picker");
  const select = picker.querySelector("select");
  select.append(...sections.map((section, n) => make("option", { value: String(n) }, `${n + 1} · ${section.dataset.name}`)));
  const go = (number) => {
    showSection(sections[(number + sections.length) % sections.length]);
    scrollTo(0, 0);
  };
  select.addEventListener("change", () => go(Number(select.value)));
  for (const button of picker.querySelectorAll("button")) {
    button.addEventListener("click", () => go(Number(select.value) + Number(button.dataset.go)));
  }
  picker.hidden = sections.length < 2;
}
