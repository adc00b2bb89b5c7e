// The offline shell: one page that says the house cannot be reached, and the files it is drawn
// with. No page with anybody's words is ever kept; every other request goes to the house.

const CACHE = "nearer-shell-1";
const OFFLINE = "/offline/";
// File names that carry the hash of their content never change, so the kept copy is the right one.
const HASHED = /\.[0-9a-f]{12}\.\w+$/;

async function keepShell() {
  const page = await fetch(OFFLINE, { credentials: "omit", cache: "reload" });
  const html = await page.clone().text();
  const files = [...html.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((match) => match[1]);
  const cache = await caches.open(CACHE);
  await cache.put(OFFLINE, page);
  await cache.addAll([...new Set(files)]);
}

async function forgetOldShells() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function staticFile(request) {
  const kept = await caches.match(request);
  if (kept && HASHED.test(new URL(request.url).pathname)) return kept;
  try {
    const fresh = await fetch(request);
    if (fresh.ok) (await caches.open(CACHE)).put(request, fresh.clone());
    return fresh;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

async function page(request) {
  try {
    return await fetch(request);
  } catch {
    return caches.match(OFFLINE);
  }
}

self.addEventListener("install", (event) => event.waitUntil(keepShell().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(forgetOldShells()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(staticFile(request));
  else if (request.mode === "navigate") event.respondWith(page(request));
});
