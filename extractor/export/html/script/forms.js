// A form over one claim or incident. Each editor is {element, read}; read() throws where the reader must look again.
class Amiss extends Error {}

function editWords(context, name, value, optional) {
  const key = name === "content" ? "quote" : "text";
  const area = make("textarea", { rows: "1", "aria-label": context.label, dir: "auto" }, value?.[key] ?? "");
  const problem = make("span", { class: "problem", role: "alert" });
  let held = value ? { start: value.start, end: value.end } : null;
  const original = value?.[key] ?? "";
  const take = make("button", { type: "button", title: "Take the words selected in the article", click: () => {
    const chosen = selection(context.state.passages);
    problem.textContent = chosen ? "" : "Select words in the article first.";
    if (!chosen) return;
    area.value = chosen.words;
    held = { start: chosen.start, end: chosen.end };
  } }, "Use selection");
  const read = () => {
    problem.textContent = "";
    area.setCustomValidity("");
    const words = area.value;
    if (!words.trim() && optional) return null;
    const { passages } = context.state;
    const place = held && wordsAt(passages, held.start, held.end)?.replaceAll(/\r\n?/g, "\n") === words.replaceAll(/\r\n?/g, "\n")
      ? held : words.trim() ? find(passages, words.trim(), held?.start ?? context.near) : null;
    if (!place) {
      problem.textContent = words.trim() ? "These words are not in the article." : "Words of the article are needed.";
      area.setCustomValidity(problem.textContent);
      area.focus();
      throw new Amiss(problem.textContent);
    }
    const told = wordsAt(passages, place.start, place.end);
    const same = value && place.start === value.start && place.end === value.end && told === original;
    const fresh = "claims" in (NEW[name] ?? {}) && !value ? { isNew: true } : {};
    return same ? { ...value } : { ...NEW[name], ...fresh, ...value, [key]: told, ...place, match: "exact", ...Object.fromEntries((WORKED_OUT[name] ?? []).map((field) => [field, null])) };
  };
  return { element: make("span", { class: "row" }, area, take, problem), read };
}

function editChoice(label, choices, value, nullable) {
  const select = make("select", { "aria-label": label });
  if (nullable) select.append(make("option", { value: "" }, "–"));
  select.append(...choices.map(([name, words]) => make("option", { value: name }, words)));
  select.value = value ?? "";
  return { element: make("label", {}, `${label} `, select), read: () => select.value || null };
}

function editChoices(label, choices, values) {
  const boxes = choices.map(([name, words]) => {
    const box = make("input", { type: "checkbox", value: name, checked: values.includes(name) });
    return [box, make("label", {}, box, ` ${words}`)];
  });
  const element = make("fieldset", {}, make("legend", {}, label), make("div", { class: "choices" }, ...boxes.map(([, one]) => one)));
  const kept = values.filter((value) => !choices.some(([name]) => name === value));
  return { element, read: () => {
    const chosen = boxes.filter(([box]) => box.checked).map(([box]) => box.value);
    return [...values.filter((value) => chosen.includes(value) || kept.includes(value)), ...chosen.filter((name) => !values.includes(name))];
  } };
}

function editInput(type, label, value) {
  const input = make("input", { type, "aria-label": label, min: type === "number" ? "0" : null, step: type === "number" ? "1" : null });
  input.value = value ?? "";
  return { element: make("label", {}, `${label} `, input), read: () => {
    if (!input.reportValidity()) throw new Amiss(label);
    return input.value === "" ? null : type === "number" ? Number(input.value) : input.value;
  } };
}

function editorFor(context, [name, kind, label], value) {
  const { report } = context.state;
  if (kind === "actor") return editChoice(label, report.actors.map((actor) => [actor.id, actor.name || actor.id]), value, true);
  if (kind === "choice" || kind === "choice?") return editChoice(label, vocabulary[name], value, kind === "choice?");
  if (kind === "choices") return editChoices(label, vocabulary[name], value);
  if (kind === "incidents") return editChoices(label, report.incidents.map((incident) => [incident.id, incident.id]), value);
  return editInput(kind, label, value);
}

// The fields of one value, some of which may be values themselves.
function editRow(context, name, fields, value, optional) {
  const editors = fields.map((field) => {
    const [part, kind, label, how] = field;
    const inner = { ...context, label: part ? label : context.label };
    if (kind === "words") return [part, editWords(inner, name, value, optional)];
    if (Array.isArray(kind)) return [part, editRow(inner, part, kind, value?.[part] ?? null, how === "optional")];
    return [part, editorFor(context, field, value?.[part] ?? NEW[name]?.[part])];
  });
  const read = () => {
    const own = editors.find(([part]) => !part);
    const told = own ? own[1].read() : { ...NEW[name], ...value };
    if (told === null) return null;
    for (const [part, editor] of editors) if (part) told[part] = editor.read();
    if ("unresolved" in told && told.earliest) told.unresolved = null;
    return told;
  };
  return { element: make("div", { class: "row" }, ...editors.map(([, editor]) => editor.element)), read };
}

function editList(context, name, fields, label, values) {
  const rows = make("div");
  const editors = [];
  const add = (value) => {
    const editor = editRow({ ...context, label }, name, fields, value, false);
    editors.push(editor);
    editor.element.append(make("button", { type: "button", "aria-label": `Remove from ${label}`, click: () => {
      editors.splice(editors.indexOf(editor), 1);
      editor.element.remove();
      more.focus();
    } }, "Remove"));
    rows.append(editor.element);
    return editor;
  };
  const more = make("button", { type: "button", click: () => add(null).element.querySelector("textarea").focus() }, `Add to ${label}`);
  values.forEach(add);
  return { element: make("fieldset", {}, make("legend", {}, label), rows, make("div", {}, more)), read: () => editors.map((editor) => editor.read()) };
}

function editorsOf(context, fields, item) {
  return fields.map(([name, kind, label, how]) => {
    if (how === "list") return [name, editList(context, name, kind, label, item[name])];
    if (!Array.isArray(kind)) return [name, editorFor(context, [name, kind, label], item[name])];
    const editor = editRow({ ...context, label }, name, kind, item[name], how === "optional");
    return [name, { ...editor, element: make("fieldset", {}, make("legend", {}, label), editor.element) }];
  });
}
