// Runs only where the site is installed as an app. It keeps the page that says that there is no connection, with its
// style and its sign, and no page that anybody saw.
{% autoescape off %}const KEPT = {{ kept }};{% endautoescape %}
const all = [...Object.values(KEPT.pages), ...KEPT.files];

async function keep() {
  const box = await caches.open(KEPT.name);
  // Without cookies: the kept page is everybody's.
  await box.addAll(all.map((address) => new Request(address, { cache: "reload", credentials: "omit" })));
  await self.skipWaiting();
}

async function begin() {
  for (const name of await caches.keys()) if (name !== KEPT.name) await caches.delete(name);
  await self.clients.claim();
}

const kept = (address) => caches.match(address, { ignoreVary: true });
const away = (path) => kept(KEPT.pages[path.split("/")[1]] ?? KEPT.pages[""]);

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(begin()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => away(path)));
  else if (KEPT.files.includes(path)) event.respondWith(fetch(request).catch(() => kept(path)));
});
