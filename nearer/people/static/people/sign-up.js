// Choose the browser's own time zone, unless somebody chose one already.

const zones = document.querySelector("[data-time-zone]");
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (zones.value === "UTC" && [...zones.options].some((zone) => zone.value === own)) {
  zones.value = own;
}
