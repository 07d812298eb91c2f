// Serves a folder under a sub-path of the loopback interface, as a project page on a host would be.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** Makes the site's workers believe that their machine has so many processors. */
export const asIfProcessors = (count) => (path, bytes) => (path.endsWith('/replay-worker.js') ? bytes.toString().replace(/\w+\.hardwareConcurrency/, String(count)) : bytes);

const HOLD = `{
  let held = false, begun = new WeakSet(), slices = 0, waiting = [];
  const channel = new BroadcastChannel('reads');
  channel.onmessage = ({ data }) => {
    // The answer of another worker.
    if (data === 'done') return;
    [held, slices] = [data === 'hold', 0];
    if (!held) waiting.splice(0).forEach((go) => go());
    channel.postMessage('done');
  };
  const plain = ReadableStreamBYOBReader.prototype.read;
  ReadableStreamBYOBReader.prototype.read = async function (view) {
    const isNew = !begun.has(this);
    if (isNew) slices += 1;
    begun.add(this);
    if (held && isNew && slices > 4) await new Promise((go) => { waiting.push(go); setTimeout(go, 1000); });
    return plain.call(this, view);
  };
}
`;
/** Lets a page make what its workers read of files behind the first slices come slowly: by `hold` and `go` in the channel `reads`, answered by `done`. */
export const withHeldReads = (path, bytes) => (path.endsWith('/replay-worker.js') ? HOLD + bytes : bytes);

/** Makes every message of the site's workers so late. */
export const withLateReplies = (ms) => (path, bytes) => (path.endsWith('/replay-worker.js')
  ? `{ const post = self.postMessage.bind(self); self.postMessage = (...all) => { setTimeout(() => post(...all), ${ms}); }; }\n${bytes}` : bytes);

/**
 * Starts a server on a free port. Gives the address of the site and a way to end it. `change` may make other bytes of a file's, by its path.
 */
export async function serve(folder, prefix = '/', change = (_, bytes) => bytes) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    try {
      if (!path.startsWith(prefix)) throw new Error('outside the site');
      // `normalize` of an absolute path cannot climb above the folder.
      const file = join(folder, normalize(`/${path.slice(prefix.length)}`));
      const name = path.endsWith('/') ? join(file, 'index.html') : file;
      const bytes = change(path, await readFile(name));
      response.writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream', 'cache-control': 'no-cache' });
      response.end(bytes);
    } catch {
      response.writeHead(404, { 'content-type': 'text/plain' });
      response.end('not found');
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}${prefix}`,
    close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }),
  };
}
