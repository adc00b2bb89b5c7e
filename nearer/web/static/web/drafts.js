// What somebody is writing survives every redraw of the live page: kept in memory only, under the
// step it belongs to, and forgotten once it was sent. Nothing is ever written to storage.

const drafts = new Map();
let focus = null;

const isField = (element) => element.name && element.name !== "csrfmiddlewaretoken";
const stepOf = (element) => element.closest("[data-step]")?.dataset.step;

function keyOf(field) {
  const option = ["radio", "checkbox"].includes(field.type) ? `=${field.value}` : "";
  return `${stepOf(field)} ${field.name}${option}`;
}

function fieldsIn(root) {
  const fields = root.querySelectorAll("[data-step] :is(textarea, input, select)");
  return [...fields].filter((field) => isField(field) && field.type !== "submit");
}

function remember({ target }) {
  if (!isField(target) || !stepOf(target)) return;
  if (target.type === "radio") {
    for (const field of fieldsIn(document)) {
      if (field.type === "radio" && field.name === target.name) drafts.delete(keyOf(field));
    }
  }
  const ticks = ["radio", "checkbox"].includes(target.type);
  drafts.set(keyOf(target), ticks ? target.checked : target.value);
}

function restore(field) {
  const kept = drafts.get(keyOf(field));
  if (kept === undefined) return;
  if (typeof kept === "boolean") field.checked = kept;
  else field.value = kept;
}

function forget(form) {
  for (const field of form.elements) {
    if (isField(field)) drafts.delete(keyOf(field));
  }
}

document.addEventListener("input", remember);
document.addEventListener("change", remember);

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { xhr, requestConfig } = detail;
  if (requestConfig.elt.matches("form") && xhr.status < 300) forget(requestConfig.elt);
  const active = document.activeElement;
  const typing = active && isField(active) && stepOf(active) && detail.target.contains(active);
  focus = typing
    ? { key: keyOf(active), from: active.selectionStart, to: active.selectionEnd }
    : null;
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  for (const field of fieldsIn(detail.target)) {
    restore(field);
    if (focus?.key !== keyOf(field)) continue;
    field.focus({ preventScroll: true });
    if (focus.from !== null && field.setSelectionRange) field.setSelectionRange(focus.from, focus.to);
  }
});
