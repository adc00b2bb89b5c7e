// Sending: a second tap does nothing while the first is on its way, and words that could not be
// sent stay on the page and are tried again.

const RETRY_MS = 4000;
const STUCK_MS = 8000;

const notice = document.getElementById("unsent");
let waiting = null;

function hold(form) {
  form.dataset.busy = "";
  for (const button of form.querySelectorAll("button:not([type=button])")) {
    button.setAttribute("aria-disabled", "true");
  }
}

function free(form) {
  delete form.dataset.busy;
  for (const button of form.querySelectorAll("[aria-disabled]")) {
    button.removeAttribute("aria-disabled");
  }
}

function show(sentence, { retry }) {
  notice.querySelector("p").textContent = sentence;
  notice.querySelector("button").hidden = !retry;
  notice.hidden = false;
}

function tryAgain() {
  if (!waiting?.form.isConnected) return settle();
  waiting.form.requestSubmit(waiting.submitter);
}

function settle() {
  clearInterval(waiting?.timer);
  waiting = null;
  notice.hidden = true;
}

function keepTrying(form, submitter) {
  clearInterval(waiting?.timer);
  waiting = { form, submitter, timer: setInterval(tryAgain, RETRY_MS) };
  show(notice.dataset.offline, { retry: true });
}

// Forms that htmx sends. A look at half-written words, asked for from inside a form, is none: it
// holds nothing up, and trying it again later must never send the words themselves.
const sentForm = ({ requestConfig }) => requestConfig.elt.matches("form") && requestConfig.elt;

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = sentForm(event.detail);
  if (!form) return;
  if ("busy" in form.dataset) event.preventDefault();
  else hold(form);
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const form = sentForm(detail);
  if (form) free(form);
});
// The house answered: what waited is settled. A refusal is told right after this.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (sentForm(detail)) settle();
});
for (const failure of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, ({ detail }) => {
    const form = sentForm(detail);
    if (form) keepTrying(form, detail.requestConfig.triggeringEvent?.submitter ?? null);
  });
}
document.addEventListener("htmx:responseError", ({ detail }) => {
  if (detail.xhr.status === 401) location.reload();
  else if (sentForm(detail)) show(notice.dataset.refused, { retry: false });
});
addEventListener("online", () => waiting && tryAgain());
notice.querySelector("button").addEventListener("click", tryAgain);

// Plain forms leave the page; a download does not, so the hold ends by itself.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.hasAttribute("hx-post")) return;
  if ("busy" in form.dataset) return event.preventDefault();
  hold(form);
  setTimeout(free, STUCK_MS, form);
});
