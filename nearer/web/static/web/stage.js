// The live page. The socket only ever says "something changed"; the page then asks the server for
// its own view of the round. A slow poll (in live.html) gives the same when no socket can be had.

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
const FOUND_FOR_MS = 4000;

const stage = document.getElementById("stage");
const line = document.getElementById("line");

let socket = null;
let failures = 0;
let nextTry = null;
let sending = 0;
let missed = false;

const versionIn = (root) => root.querySelector("[data-version]")?.dataset.version;

function look() {
  document.body.dispatchEvent(new CustomEvent("nearer:changed"));
}

// --- connection

function say(sentence) {
  if (line.textContent !== sentence) line.textContent = sentence;
}

function found() {
  if (failures > 1) {
    say(line.dataset.found);
    setTimeout(() => failures === 0 && say(""), FOUND_FOR_MS);
  }
  failures = 0;
  look();
}

function lost() {
  socket = null;
  failures += 1;
  if (failures > 1) say(line.dataset.lost);
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
  clearTimeout(nextTry);
  // Up to half of the wait is chance, so that two phones do not knock at the same moment.
  nextTry = setTimeout(connect, wait * (0.5 + Math.random() / 2));
}

function connect() {
  if (socket) return;
  clearTimeout(nextTry);
  const url = new URL(stage.dataset.stageSocket, location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  socket = new WebSocket(url);
  socket.addEventListener("open", found);
  socket.addEventListener("message", look);
  socket.addEventListener("close", lost);
}

function wake() {
  if (document.visibilityState !== "visible") return;
  if (socket) look();
  else connect();
}

// --- redrawing

// While a move of one's own is on its way its answer will bring the newest state: a look that
// started before it, or starts during it, could put an older page over that answer.
const isMove = ({ requestConfig }) => requestConfig.elt.matches("form");

function beforeRequest(event) {
  if (event.defaultPrevented) return;
  if (isMove(event.detail)) {
    sending += 1;
    htmx.trigger(stage, "htmx:abort");
  } else if (event.detail.elt === stage && sending > 0) {
    missed = true;
    event.preventDefault();
  }
}

function afterRequest({ detail }) {
  if (!isMove(detail)) return;
  sending -= 1;
  if (sending === 0 && missed) {
    missed = false;
    look();
  }
}

// The same version drawn again would only take the focus and the screen reader's place away.
function beforeSwap(event) {
  const { detail } = event;
  if (detail.target !== stage || detail.xhr.status === 204) return;
  const answer = new DOMParser().parseFromString(detail.serverResponse, "text/html");
  const version = versionIn(answer);
  const isStep = version !== undefined && !answer.querySelector("main");
  if (!isStep && detail.xhr.status < 400) {
    // Another page: the round was locked, left or ended. Loading anew shows what there is to see.
    detail.shouldSwap = false;
    location.reload();
  } else if (detail.requestConfig.verb === "get" && version === versionIn(stage)) {
    detail.shouldSwap = false;
  }
}

function afterSwap({ detail }) {
  if (detail.target !== stage) return;
  const step = stage.querySelector("[data-version]");
  const place = stage.querySelector(".gate > summary") ?? stage.querySelector("h1");
  // As it is laid out: two lines of a heading are not one word.
  document.getElementById("announce").textContent = place.innerText.replace(/\s+/g, " ").trim();
  step.classList.add("arrives");
  if (stage.contains(document.activeElement)) return;
  goTo(place);
  scrollTo(0, 0);
}

function goTo(place) {
  if (place.matches("h1")) place.tabIndex = -1;
  place.focus();
}

// One phone: once the right person opened the step, reading begins at its heading.
function gateOpened({ target }) {
  if (target.matches(".gate[open]")) goTo(target.querySelector("h1"));
}

if (stage) {
  document.addEventListener("htmx:beforeRequest", beforeRequest);
  document.addEventListener("htmx:afterRequest", afterRequest);
  document.addEventListener("htmx:beforeSwap", beforeSwap);
  document.addEventListener("htmx:afterSwap", afterSwap);
  stage.addEventListener("toggle", gateOpened, { capture: true });
  document.addEventListener("htmx:responseError", ({ detail }) => {
    const gone = [401, 403, 404, 410].includes(detail.xhr.status);
    if (detail.elt === stage && gone) location.reload();
  });
}
if (stage?.dataset.stageSocket) {
  connect();
  document.addEventListener("visibilitychange", wake);
  addEventListener("online", wake);
}
