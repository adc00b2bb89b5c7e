// What somebody is writing survives every redraw of the live page: kept in memory under the step it
// belongs to, and forgotten once it was sent. So that it survives a reload, a lock and a killed
// house as well, a form that names an address for it (data-draft) has it sent there while somebody
// types; the house seals it for its writer. Nothing is ever written to the browser's storage.

const SAVE_EVERY_MS = 500;
const RETRY_MS = 4000;

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
  saveSoon(target.form);
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

// --- saving

let unsaved = null;
let timer = null;
let isSaving = false;

function saveSoon(form, wait = SAVE_EVERY_MS) {
  if (!form?.dataset.draft) return;
  unsaved = form;
  timer ??= setTimeout(save, wait);
}

// One after the other, so that older words never arrive after newer ones.
async function save() {
  clearTimeout(timer);
  timer = null;
  if (isSaving) return saveSoon(unsaved);
  const form = taken();
  if (!form) return;
  isSaving = true;
  const isKept = await send(form, {});
  isSaving = false;
  if (!isKept && form.isConnected) saveSoon(unsaved ?? form, RETRY_MS);
}

// A reload does not wait for an answer, but lets the words go. After leaving fast nothing is sent.
function saveAtOnce() {
  if (document.documentElement.classList.contains("gone")) return;
  const form = taken();
  if (form) send(form, { keepalive: true });
}

// What was sent, or belongs to a step that is over, is nobody's draft any more.
function taken() {
  const form = unsaved;
  unsaved = null;
  return form?.isConnected ? form : null;
}

async function send(form, how) {
  const request = { method: "POST", body: new FormData(form), redirect: "manual", ...how };
  try {
    return (await fetch(form.dataset.draft, request)).status < 500;
  } catch {
    return false;
  }
}

document.addEventListener("input", remember);
document.addEventListener("change", remember);
addEventListener("beforeunload", saveAtOnce);
addEventListener("online", save);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") saveAtOnce();
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { xhr, requestConfig } = detail;
  const wasSent = requestConfig.elt.matches("form") && xhr.status < 300;
  if (wasSent) forget(requestConfig.elt);
  else saveAtOnce();
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
