const vocabulary = JSON.parse(document.getElementById("vocabulary").textContent);

// What can be corrected. A field is [name, kind, label]; a list has fields of its own for each row.
const VALUE = [["", "words", "words"], ["actor", "actor", "who is meant"]];
const THING = [["", "words", "words"]];
const CLAIM = [
  ["source", VALUE, "Source"],
  ["cue", THING, "Cue", "optional"],
  ["content", THING, "Content", "list"],
  ["via", VALUE, "Passed on by", "list"],
  ["against", VALUE, "Accuses", "optional"],
  ["stance", "choice", "Stance"],
  ["attribution", "choice", "Attribution"],
  ["aspects", "choices", "About"],
  ["incidents", "incidents", "Incidents"],
];
const INCIDENT = [
  ["type", "choice", "Type"],
  ["realis", "choice", "Told as"],
  ["initiators", VALUE, "Who", "list"],
  ["targets", VALUE, "Against", "list"],
  ["weapons", THING, "With", "list"],
  ["when", [...THING, ["earliest", "date", "from"], ["latest", "date", "to"], ["precision", "choice?", "precision"]], "When", "list"],
  ["where", [...THING, ["relation", "choice", "relation"], ["level", "choice?", "level"]], "Where", "list"],
  ["casualties", [
    ["who", VALUE, "people"], ["status", "choice", "status"], ["category", "choice", "category"],
    ["count", [...THING, ["min", "number", "at least"], ["max", "number", "at most"]], "number words", "optional"],
  ], "How many", "list"],
];

// What a new entry holds beside what the reader fills in.
const NEW = {
  initiators: { actor: null, claims: [] }, targets: { actor: null, claims: [] }, weapons: { actor: null, claims: [] },
  when: { actor: null, claims: [], earliest: null, latest: null, precision: null, unresolved: null },
  where: {
    actor: null, claims: [], relation: "at", level: null, country: null, admin1: null, lat: null, lon: null,
    unresolved: null,
  },
  casualties: { who: null, status: "killed", category: "unknown", count: null },
  who: { actor: null, claims: [] }, count: { actor: null, min: null, max: null },
  via: { actor: null }, source: { actor: null }, cue: { actor: null }, against: { actor: null }, content: {},
};
// What no longer holds when the words of a value are others.
const WORKED_OUT = { where: ["country", "admin1", "lat", "lon", "unresolved"] };
