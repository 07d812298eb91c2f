// Keeps the site for when there is no network. Made by `cargo xtask build`, which fills in the two constants.
// One host may serve several sites: the scope tells them apart.
const SITE = `replayground ${self.registration.scope} `;
const BUILD = `${SITE}/*build*/`;
const FILES = [/*files*/];
const OWN = new Set(FILES.map((file) => new URL(file, self.registration.scope).href));

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(BUILD).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  const isOld = (name) => name.startsWith(SITE) && name !== BUILD;
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// The document comes from the network if there is one, so that a new build is seen at once.
// All other files are named after their content, so a kept one is as good. What is no file of this build is none of this script's business:
// the same origin may be a proxy of Kafka's, whose streams must not pass through here.
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    event.respondWith(fetch(request).catch(async () => (await caches.match('./')) ?? Response.error()));
  } else if (OWN.has(request.url.split('#')[0])) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});
