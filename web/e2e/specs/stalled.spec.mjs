// A source that stands still: what has come of it until then is told, and kept.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { App, openBrowser } from '../pages/app.mjs';

let browser;
before(async () => { browser = await openBrowser(); });
after(async () => { await browser.close(); });

const line = (offset) => `${JSON.stringify({ topic: 'orders', partition: 0, offset, timestamp: 1_700_000_000_000 + offset, key: `o-${offset % 3}`, value: { n: offset }, headers: [] })}\n`;

/** What says that it is a proxy with 100 records, and sends just the first `records`. */
async function stalling(t, records, token) {
  const headers = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization' };
  const server = createServer((request, response) => {
    if (request.method === 'OPTIONS') return response.writeHead(204, headers).end();
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    const json = (body, status = 200) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    if (token && request.headers.authorization !== `Basic ${Buffer.from(token).toString('base64')}`) return json({ error_code: 401, message: 'Unauthorized' }, 401);
    if (pathname === '/proxy') return json({ server: 'replayground-proxy', version: '0' });
    if (pathname === '/topics') return json(['orders']);
    if (pathname === '/topics/orders/offsets') return json({ topic: 'orders', partitions: [{ partition: 0, beginning_offset: 0, end_offset: 100 }] });
    if (pathname !== '/topics/orders/records') return json({ error_code: 404, message: 'not here' }, 404);
    response.writeHead(200, { 'content-type': 'application/x-ndjson', ...headers });
    const lines = Array.from({ length: records }, (_, offset) => line(offset)).join('');
    if (searchParams.has('last')) response.end(lines);
    else response.write(lines);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => { server.closeAllConnections(); server.close(); });
  const address = `127.0.0.1:${server.address().port}`;
  return { address, url: `http://${address}` };
}

test('a topic that stands still while it is loaded tells how many records have come', async (t) => {
  const server = await stalling(t, 3);
  const app = await App.open(browser, { failures: true });
  await app.get('record-row').first().waitFor();
  await app.click('kafka');
  await app.get('kafka-url').fill(server.url);
  await app.click('kafka-connect');
  await app.get('kafka-topic').selectOption('orders');
  await app.click('kafka-load');
  await app.get('progress').waitFor();
  await app.expect('what has come', async () => (await app.page.locator('.source-progress').textContent()).match(/\d+ records?/)?.[0], '3 records');
  await app.click('cancel');
  await app.expectTotal(3);
  await app.close();
});

test('a name and password in the address are sent in a header, not asked for, and the page says so', async (t) => {
  const server = await stalling(t, 3, 'me:a@b');
  const app = await App.open(browser, { failures: true });
  await app.get('record-row').first().waitFor();
  await app.click('kafka');
  await app.get('kafka-url').fill(`http://me:a%40b@${server.address}`);
  await app.click('kafka-connect');
  await app.get('kafka-topic').waitFor();
  assert.equal(await app.get('kafka-url').inputValue(), server.url);
  assert.equal(await app.get('kafka-token').inputValue(), 'me:a@b');
  await app.expectText('kafka-password-moved', /taken out/);
  assert.ok(!(await app.page.evaluate(() => JSON.stringify({ ...localStorage }))).includes('a@b'));
  // A token that is typed is the one that is meant.
  await app.get('kafka-url').fill(`http://you:wrong@${server.address}`);
  await app.click('kafka-connect');
  await app.expect('the address', () => app.get('kafka-url').inputValue(), server.url);
  await app.get('kafka-topic').waitFor();
  await app.close();
});
