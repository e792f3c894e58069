// Offline use. Pages and the module come from the network when there is one (so an online reader never sees an old
// state) and from the cache when there is none; files whose name holds a hash never change and come from the cache first.
// The cache's name is the build's hash. A new build waits until every page of the old one is closed, then clears up.
// Where a host cannot send the isolation headers, this adds them, so that the threaded module can run all the same.
const build = '__BUILD__';
const shell = __SHELL__;
const cache_name = `cvlab-${build}`;

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith('cvlab-') && name !== cache_name) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener('message', (event) => {
  if (event.data?.type === 'precache') event.waitUntil(precache());
});

// One after the other, and only what is missing: the page in front has the line first.
async function precache() {
  const cache = await caches.open(cache_name);
  for (const path of shell) {
    if (await cache.match(path)) continue;
    const response = await fetch(path).catch(() => null);
    if (response?.ok) await cache.put(path, response);
  }
}

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin || event.request.headers.has('range')) return;
  event.respondWith(url.pathname.startsWith('/assets/') ? from_cache(event.request) : from_network(event.request));
});

// The frame page and the lessons are the same file whatever the query: one entry each.
const key_of = (request) => (request.mode === 'navigate' ? new URL(request.url).pathname : request);

async function from_cache(request) {
  const cache = await caches.open(cache_name);
  return (await cache.match(request)) ?? fetch_and_keep(request, cache);
}

async function from_network(request) {
  const cache = await caches.open(cache_name);
  try {
    return isolated(request, await fetch_and_keep(request, cache));
  } catch (error) {
    const kept = await cache.match(key_of(request));
    if (kept) return isolated(request, kept);
    throw error;
  }
}

async function fetch_and_keep(request, cache) {
  const response = await fetch(request);
  if (response.ok && response.status === 200) await cache.put(key_of(request), response.clone());
  return response;
}

function isolated(request, response) {
  if (request.mode !== 'navigate' || response.headers.has('Cross-Origin-Embedder-Policy') || response.type === 'opaqueredirect') return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  headers.set('Cross-Origin-Resource-Policy', 'cross-origin');
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
