// The report as the reader left it, in the form of a gold label: what is rejected is out, and all that named it.
function labelOf({ report, verdicts, edits }) {
  const kept = (items, letter) => items
    .map((item, n) => (verdicts.get(letter + n) === "rejected" ? null : structuredClone(edits.get(letter + n) ?? item)))
    .filter(Boolean);
  const label = { ...structuredClone(report), claims: kept(report.claims, "c"), incidents: kept(report.incidents, "i") };
  const claims = new Map(label.claims.map((claim) => [claim.id, claim]));
  const incidents = new Set(label.incidents.map((incident) => incident.id));
  for (const claim of label.claims) claim.incidents = claim.incidents.filter((id) => incidents.has(id));
  for (const value of label.incidents.flatMap(valuesOf)) value.claims = saying(value, label.claims, claims);
  const parties = new Map(label.actors.map((actor) => [actor.id, actor.party]));
  const partyOf = (id) => parties.get(claims.get(id)?.source.actor) ?? null;
  if (label.relations) {
    label.relations = label.relations.filter(({ a, b, incident }) =>
      claims.has(a) && claims.has(b) && incidents.has(incident) && partyOf(a) !== partyOf(b));
  }
  label.disputes = disputesOf(label, partyOf, claims, incidents);
  label.accept = { optional: [], either: {}, together: [] };
  if (label.document) {
    label.document.text = null;
    label.document.extra = { ...label.document.extra, review: verdictsOf({ report, verdicts }) };
  }
  return label;
}

const valuesOf = (incident) => [
  ...incident.initiators, ...incident.targets, ...incident.weapons, ...incident.when, ...incident.where,
  ...incident.casualties.map((casualty) => casualty.who),
];

// The claims in whose words a value stands: those it had, and for a new value those whose content holds it.
function saying(value, all, claims) {
  if (value.claims.length) return value.claims.filter((id) => claims.has(id));
  if (!value.isNew) return [];
  delete value.isNew;
  return all.filter((claim) => claim.content.some((span) => span.start <= value.start && value.end <= span.end)).map((claim) => claim.id);
}

function disputesOf(label, partyOf, claims, incidents) {
  if (!label.relations) {
    return label.disputes
      .map((dispute) => ({ ...dispute, claims: dispute.claims.filter((id) => claims.has(id)) }))
      .map((dispute) => ({ ...dispute, parties: [...new Set(dispute.claims.map(partyOf))].filter(Boolean) }))
      .filter((dispute) => incidents.has(dispute.incident) && dispute.parties.length > 1);
  }
  const groups = new Map();
  const named = ({ incident, aspect, kind }) => JSON.stringify([incident, aspect, kind]);
  for (const dispute of label.disputes) groups.set(named(dispute), { ...dispute, rivals: [], was: dispute });
  for (const { a, b, ...what } of label.relations) {
    if (!groups.has(named(what))) {
      groups.set(named(what), { incident: what.incident, aspect: what.aspect, kind: what.kind, rivals: [], was: null });
    }
    groups.get(named(what)).rivals.push(a, b);
  }
  return [...groups.values()].filter(({ rivals }) => rivals.length).map(({ rivals, was, ...dispute }) => {
    const told = [...claims.keys()].filter((id) => rivals.includes(id));
    const parties = [...new Set(told.map(partyOf))].filter(Boolean);
    const same = (some, others) => some.length === others.length && some.every((one) => others.includes(one));
    return was && same(told, was.claims) && same(parties, was.parties) ? was : { ...dispute, claims: told, parties };
  });
}

// Which items the reader looked at, and what became of them.
function verdictsOf({ report, verdicts }) {
  const told = { accepted: [], corrected: [], rejected: [], unchecked: [] };
  for (const [letter, items] of [["i", report.incidents], ["c", report.claims]]) {
    items.forEach((item, n) => told[verdicts.get(letter + n) ?? "unchecked"].push(item.id));
  }
  return told;
}

function startSaving() {
  const bar = document.querySelector(".saving");
  const named = (report) => (report.document?.id ?? "report").replaceAll(/[^\p{L}\p{N}_-]+/gu, "_").slice(0, 80) || "report";
  bar.querySelector(".save").addEventListener("click", () => {
    const state = stateOf(current);
    download(`${named(state.report)}.json`, `${JSON.stringify(labelOf(state), null, 1)}\n`, "application/json");
    state.saved = true;
  });
  bar.querySelector(".save-text").addEventListener("click", () => {
    const { report } = stateOf(current);
    download(`${named(report)}.txt`, report.document.text, "text/plain");
  });
}
