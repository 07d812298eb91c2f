// The built site as such: it starts from a sub-path under its own policy, asks no other host, and its parts are where the page looks.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { App, openBrowser } from '../pages/app.mjs';

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

test('the document allows nothing inline and no host but the own machine', async () => {
  const app = await App.open(browser);
  const policy = await app.page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  assert.match(policy, /default-src 'none'/);
  // A REST proxy of Kafka listens on the visitor's own machine; it is asked when the person says so.
  const own = " connect-src 'self' http://localhost:* http://127.0.0.1:* https://localhost:* https://127.0.0.1:*;";
  assert.ok(policy.includes(own), policy);
  assert.doesNotMatch(policy.replace(own, ''), /unsafe-inline|'unsafe-eval'|https?:|\*/);
  assert.equal(await app.page.locator('script:not([src])').count(), 0);
  await app.close();
});

test('the page starts from a sub-path', async () => {
  const app = await App.open(browser);
  await app.get('position').waitFor();
  await app.close();
});

test('the worker lies in a folder that is named after the build', async () => {
  const app = await App.open(browser);
  const script = await app.page.locator('meta[name="engine-worker"]').getAttribute('content');
  assert.match(script, /^\.\/worker-[0-9a-f]{16}\/replay-worker_loader\.js$/);
  const answer = await app.page.request.get(new URL(script, app.page.url()).href);
  assert.equal(answer.status(), 200);
  await app.close();
});

test('after one visit the page opens without a network', async () => {
  const app = await App.open(browser);
  await app.get('position').waitFor();
  await app.page.evaluate(async () => { await navigator.serviceWorker.ready; });
  await app.expect('the control of the page', () => app.page.evaluate(() => navigator.serviceWorker.controller !== null), true);
  await app.context.setOffline(true);
  await app.page.reload();
  await app.get('position').waitFor();
  await app.close();
});
