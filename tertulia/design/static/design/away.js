// Says when the connection is gone. Where the site is installed as an app, one page for that is kept on the device;
// in a tab of a browser nothing is, and what an app that is gone left behind is cleared away.
const WORKER = "/away-worker.js";

function watchLine(words) {
  const notice = document.createElement("p");
  notice.className = "toast night away";
  notice.setAttribute("role", "status");
  document.body.append(notice);
  const tell = () => (notice.textContent = navigator.onLine ? "" : words);
  addEventListener("online", tell);
  addEventListener("offline", tell);
  tell();
}

async function settle(workers) {
  const isApp = matchMedia("(display-mode: standalone)").matches && document.querySelector("link[rel=manifest]");
  if (isApp) return workers.register(WORKER);
  for (const one of await workers.getRegistrations()) await one.unregister();
  for (const name of await caches.keys()) await caches.delete(name);
}

// A page with words of its own for it, such as a room, says it itself.
if (!document.querySelector("[data-away]")) watchLine(document.querySelector("meta[name=away]").content);
if (navigator.serviceWorker) settle(navigator.serviceWorker).catch(() => {});
