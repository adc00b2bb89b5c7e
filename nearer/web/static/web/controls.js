// Small controls: ratings, passphrases that can be looked at, the ring of time, copy, share, print, and the offline shell.

const announce = (sentence) => {
  document.getElementById("announce").textContent = sentence;
};

// --- ratings: a number field becomes a slider that has no value until it is touched

function makeSlider(number) {
  const slider = document.createElement("input");
  Object.assign(slider, { type: "range", min: 0, max: 10, step: 1, id: number.id });
  slider.value = number.value === "" ? 5 : number.value;
  const described = number.getAttribute("aria-describedby");
  if (described) slider.setAttribute("aria-describedby", described);
  return slider;
}

function makeTicks() {
  const ticks = document.createElement("div");
  ticks.className = "rating-ticks";
  ticks.append(...Array.from({ length: 11 }, () => document.createElement("i")));
  return ticks;
}

function makeSmallButton(label) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "linklike", textContent: label });
  return button;
}

function upgradeRating(box) {
  const number = box.querySelector("input[type=number]");
  const output = box.querySelector("output");
  const slider = makeSlider(number);
  const clear = makeSmallButton(box.dataset.clear);

  const draw = () => {
    const rated = number.value !== "";
    const words = rated ? box.dataset.of.replace("{n}", number.value) : box.dataset.unrated;
    box.classList.toggle("rated", rated);
    output.textContent = rated ? number.value : words;
    slider.setAttribute("aria-valuetext", words);
    slider.style.setProperty("--at", rated ? `${number.value * 10}%` : "0%");
    clear.hidden = !rated;
  };
  const rate = (value) => {
    number.value = value;
    draw();
    number.dispatchEvent(new Event("change", { bubbles: true }));
  };

  slider.addEventListener("input", () => rate(slider.value));
  // A click exactly where the hidden thumb waits moves nothing, and is an answer all the same.
  slider.addEventListener("click", () => rate(slider.value));
  slider.addEventListener("keydown", (event) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    rate(slider.value);
  });
  clear.addEventListener("click", () => {
    slider.value = 5;
    rate("");
    slider.focus();
  });

  number.removeAttribute("id");
  number.type = "hidden";
  number.after(slider, makeTicks());
  box.querySelector(".rating-ends").children[0].after(clear);
  draw();
}

// --- passphrases: shown only while somebody wants to see them

function upgradePassphrase(input) {
  const { show, hide } = input.dataset;
  const button = makeSmallButton("");
  button.setAttribute("aria-controls", input.id);
  const about = document.createElement("span");
  about.className = "visually-hidden";
  about.textContent = ` ${input.labels[0].textContent.trim()}`;

  const turn = (type) => {
    input.type = type;
    button.replaceChildren(type === "password" ? show : hide, about);
  };
  button.addEventListener("click", () => turn(input.type === "password" ? "text" : "password"));
  // As a text field the browser would remember it among the words typed before.
  input.form.addEventListener("submit", () => turn("password"));

  delete input.dataset.show;
  input.after(button);
  turn("password");
}

// --- the ring: wall clock, corrected by the server's, so that a phone that slept is right again

const MINUTE_MS = 60_000;
const rings = new Map();

function startRing(ring) {
  if (rings.has(ring)) return;
  const { elapsed, started, now } = ring.dataset;
  const ahead = Number(now) - Date.now();
  rings.set(ring, () => {
    const running = started ? Date.now() + ahead - Number(started) : 0;
    return Number(elapsed) * 1000 + running;
  });
  drawRing(ring);
}

function wordsFor(ring, leftMs) {
  const { many, one, last, over } = ring.dataset;
  if (leftMs <= 0) return over;
  if (leftMs <= MINUTE_MS / 2) return last;
  const minutes = Math.ceil(leftMs / MINUTE_MS);
  return minutes === 1 ? one : many.replace("{n}", minutes);
}

function drawRing(ring) {
  const wholeMs = Number(ring.dataset.minutes) * MINUTE_MS;
  const leftMs = wholeMs - rings.get(ring)();
  const used = Math.min(1, Math.max(0, 1 - leftMs / wholeMs));
  ring.querySelector(".ring-time").setAttribute("stroke-dashoffset", String(used * 100));
  const words = wordsFor(ring, leftMs);
  const shown = ring.querySelector("p");
  if (shown.textContent === words) return;
  if (words === ring.dataset.over && shown.textContent === ring.dataset.last) announce(words);
  shown.textContent = words;
}

setInterval(() => {
  for (const ring of rings.keys()) {
    if (ring.isConnected) drawRing(ring);
    else rings.delete(ring);
  }
}, 1000);

// --- copy, share, print: shown only where the browser can do it

async function copy(button) {
  const source = document.querySelector(button.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
  announce(button.dataset.done);
  const label = button.querySelector("span");
  const before = label.textContent;
  label.textContent = button.dataset.done;
  setTimeout(() => { label.textContent = before; }, 3000);
}

async function share(button) {
  const { share: url, text } = button.dataset;
  try {
    await navigator.share({ url, text });
  } catch (error) {
    // Closing the share sheet is not a failure.
    if (error.name !== "AbortError") throw error;
  }
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-copy], [data-share], [data-print]");
  if (!button) return;
  if ("copy" in button.dataset) copy(button);
  else if ("share" in button.dataset) share(button);
  else print();
});

function upgrade(root) {
  for (const box of root.querySelectorAll("[data-rating]")) {
    if (box.querySelector("input[type=number]")) upgradeRating(box);
  }
  for (const input of root.querySelectorAll("input[data-show]")) upgradePassphrase(input);
  for (const ring of root.querySelectorAll("[data-timer]")) startRing(ring);
  for (const button of root.querySelectorAll("[data-print]")) button.hidden = false;
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
  for (const button of root.querySelectorAll("[data-share]")) button.hidden = !navigator.share;
}

// Whoever sent something from a part that was redrawn goes on reading at what came back.
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const sent = detail.requestConfig.elt.matches("form");
  const stage = detail.target.closest("#stage");
  if (!sent || stage || document.activeElement !== document.body) return;
  const answer = detail.target.querySelector("[role=status]") ?? detail.target.querySelector("h1");
  if (!answer) return;
  answer.tabIndex = -1;
  answer.focus();
});

// htmx says so once for the page and again for everything it swaps in.
document.addEventListener("htmx:load", ({ detail }) => upgrade(detail.elt.parentElement ?? detail.elt));

if (navigator.serviceWorker) {
  // Refused where the house certificate is not trusted yet; the pages work without it.
  navigator.serviceWorker.register(document.body.dataset.worker, { scope: "/" }).catch(() => {});
}
