// The letters of an invitation come after «#», which no browser sends. They go into the form, and
// out of the address at once, so that neither history nor a screenshot keeps them.

const field = document.querySelector("[data-letters]");

function take() {
  const letters = location.hash.slice(1);
  if (!letters) return;
  history.replaceState(null, "", location.pathname);
  field.value = letters;
  field.closest(".field").hidden = true;
}

take();
addEventListener("hashchange", take);
