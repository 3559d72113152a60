// A dossier's incidents and links, and what the reader decided about them.
function stateOf(section) {
  if (!states.has(section)) {
    const data = JSON.parse(section.querySelector("script.data").textContent);
    states.set(section, { ...data, verdicts: new Map(), saved: true });
  }
  return states.get(section);
}

function press(section, key, verdict) {
  decide(section, key, stateOf(section).verdicts.get(key) === verdict ? null : verdict);
}

// The incidents that the links still hold together, when those that were rejected no longer do.
function eventsOf({ incidents, links, verdicts }) {
  const named = (incident) => JSON.stringify(incident);
  const groups = new Map(incidents.map((incident) => [named(incident), [incident]]));
  links.forEach(([a, b], n) => {
    const [ours, theirs] = [groups.get(named(a)), groups.get(named(b))];
    if (verdicts.get(`l${n}`) === "rejected" || !ours || !theirs || ours === theirs) return;
    ours.push(...theirs);
    for (const incident of theirs) groups.set(named(incident), ours);
  });
  return [...new Set(groups.values())].map((group) => group.sort((one, other) => (named(one) < named(other) ? -1 : 1)));
}

function showProgress() {
  const { links, verdicts, ...state } = stateOf(current);
  const bar = document.querySelector(".saving");
  const progress = bar.querySelector("progress");
  progress.max = Math.max(links.length, 1);
  progress.value = verdicts.size;
  const events = eventsOf({ ...state, links, verdicts }).length;
  bar.querySelector("[role=status]").textContent = links.length
    ? `${verdicts.size} of ${links.length} links checked · ${events === 1 ? "one event" : `${events} events`}`
    : "No links to check";
  bar.hidden = false;
}

// Of all dossiers of the page: a link that was not judged holds.
function allEvents() {
  const told = Object.create(null);
  for (const section of sections) {
    const state = stateOf(section);
    eventsOf(state).forEach((group, n, all) => {
      let name = all.length > 1 ? `${state.id}/${n + 1}` : state.id;
      while (name in told) name += "+";
      told[name] = group;
    });
  }
  return told;
}

function startSaving() {
  document.querySelector(".save").addEventListener("click", () => {
    const lines = Object.entries(allEvents()).map(([name, group]) => ` ${JSON.stringify(name)}: ${JSON.stringify(group)}`);
    download("events.json", `{\n${lines.join(",\n")}\n}\n`, "application/json");
    for (const section of sections) stateOf(section).saved = true;
  });
}

if (current) {
  startPicker();
  startReview();
  startSaving();
  showSection(current);
  addEventListener("hashchange", openAddress);
  openAddress();
}
