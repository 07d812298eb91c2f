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
