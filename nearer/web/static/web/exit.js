// Leave fast: empty the page, lock the vault, go somewhere ordinary. In that order, because the
// person behind the shoulder is the nearest danger and the network is the slowest part.

const PRESSES = 3;
const WITHIN_MS = 5000;

const others = new BroadcastChannel("nearer-exit");

function vanish() {
  document.documentElement.classList.add("gone");
  document.title = "";
  // An error page may not know where to go; an empty tab is as ordinary as anything.
  location.replace(document.body.dataset.exitTo || "about:blank");
}

function leave() {
  document.documentElement.classList.add("gone");
  const form = document.querySelector("form[data-leave-fast]");
  if (form) {
    const words = new FormData(form);
    words.set("leave", "fast");
    navigator.sendBeacon(form.action, words);
  }
  others.postMessage("left");
  vanish();
}

// Every other open tab of this house goes too.
others.addEventListener("message", vanish);

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-leave-fast]")) return;
  event.preventDefault();
  leave();
});

// Shift three times within five seconds. Any other key starts the count again, so that typing
// capital letters never throws anybody out.
let presses = [];
let alone = false;
document.addEventListener("keydown", (event) => {
  alone = event.key === "Shift";
  if (!alone) presses = [];
});
document.addEventListener("keyup", (event) => {
  if (event.key !== "Shift" || !alone) return;
  presses = [...presses.filter((at) => event.timeStamp - at < WITHIN_MS), event.timeStamp];
  if (presses.length >= PRESSES) leave();
});

// A page that the browser kept alive for the back button may show words of a locked house.
addEventListener("pagehide", () => document.documentElement.classList.add("gone"));
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
