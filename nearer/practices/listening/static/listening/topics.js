// Things to talk about: a tap puts one into the field, six are shown at a time.
// Without this script they stay a list to read.

const SHOWN = 6;

const list = document.querySelector("[data-topics]");
const field = document.getElementById(list.dataset.topics);
const items = [...list.children];

function makeButton(text, className) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className, textContent: text });
  return button;
}

function showFrom(first) {
  items.forEach((item, at) => { item.hidden = at < first || at >= first + SHOWN; });
}

function press() {
  for (const item of items) {
    const button = item.firstElementChild;
    button.setAttribute("aria-pressed", String(button.textContent === field.value));
  }
}

let first = 0;
for (const item of items) {
  const button = makeButton(item.textContent, "chip");
  button.addEventListener("click", () => {
    field.value = button.textContent;
    press();
    field.scrollIntoView({ block: "nearest" });
  });
  item.replaceChildren(button);
}
field.addEventListener("input", press);

const others = makeButton(list.dataset.others, "linklike");
others.addEventListener("click", () => {
  first = first + SHOWN < items.length ? first + SHOWN : 0;
  showFrom(first);
});

list.classList.add("chips");
if (items.length > SHOWN) list.after(others);
showFrom(first);
press();
