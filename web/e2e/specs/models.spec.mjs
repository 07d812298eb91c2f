// Read models, streams and row changes: what other systems make of the same log.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { App, openBrowser } from '../pages/app.mjs';
import { serve, withLateReplies } from '../serve.mjs';

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

async function at(hash) {
  const app = await App.open(browser, { hash });
  await app.get('source-summary').waitFor();
  return app;
}
const number = (text) => Number(text.match(/\d+/)?.[0]);

test('one log feeds four read models that follow the cursor', async () => {
  const app = await at('#sample=spray-heads&at=178&entity=spray-0014&view=query&side=models');
  await app.get('model-search-text').fill('faulty 陈静');
  const all = await app.expect('the matches', async () => number(await app.text('model-search-found')), (n) => n > 0);
  await app.expect('rows', () => app.get('model-search-row').count(), all);
  await app.expectText('model-key-row', 'spray-0014');
  await app.expectText('model-windows-length', /windows of \d/);
  await app.click('to-start');
  await app.expect('no match before the first record', async () => number(await app.text('model-search-found')), 0);
  await app.get('model-key-none').waitFor();
  await app.close();
});

test('a read model that is stopped falls behind and catches up', async () => {
  const app = await at('#sample=spray-heads&at=100&entity=spray-0014&view=query&side=models');
  await app.click('model-key-stop');
  const row = app.get('model-key').locator('table');
  const before = await app.expect('the row', () => row.innerText(), /status/);
  await app.click('to-end');
  await app.expectText('model-key-at', 'stopped at #100, 78 behind');
  await app.expectText('model-windows-at', 'has read up to #178');
  assert.equal(await row.innerText(), before);
  await app.click('model-key-stop');
  await app.expectText('model-key-at', 'has read up to #178');
  await app.expect('a newer row', () => row.innerText(), (text) => text !== before);
  await app.close();
});

test('records that come after their window was closed are told', async () => {
  const lines = [1000, 2000, 700_000, 1500].map((ts, n) => JSON.stringify({ topic: 't', partition: 0, offset: n, ts, key: 'a', payload: `{"n":${n}}` }));
  const app = await at(`#text=${encodeURIComponent(lines.join('\n'))}&at=4&view=query&side=models`);
  await app.expectText('model-windows-late', /^1 came late/);
  await app.press('ArrowLeft');
  await app.expect('nobody late before', () => app.get('model-windows-late').count(), 0);
  await app.close();
});

test('the archive is a Parquet file of the records up to the cursor', async () => {
  const app = await at('#sample=orders&at=50&view=query&side=models');
  await app.click('model-archive-write');
  await app.expectText('model-archive-said', /^50 records/);
  const [download] = await Promise.all([app.page.waitForEvent('download'), app.click('model-archive-save')]);
  assert.equal(download.suggestedFilename(), 'orders-50.parquet');
  const bytes = readFileSync(await download.path());
  assert.equal(bytes.subarray(0, 4).toString(), 'PAR1');
  assert.equal(bytes.subarray(-4).toString(), 'PAR1');
  await app.close();
});

test('a stream shows what an event store would have refused, and its snapshots', async () => {
  const app = await at('#sample=bank-accounts&at=85&entity=acc-1004&view=query&side=stream');
  await app.expectText('stream-conflict', /^1 version conflict/);
  const refused = app.get('stream-event', { 'data-verdict': 'conflict' });
  await app.expect('the refused event', () => refused.innerText(), /#43[^]*v6[^]*refused/);
  const events = await app.get('stream-event').count();
  await app.get('stream-every-value').fill('4');
  await app.press('Tab');
  await app.expectText('stream-rebuild', new RegExp(`revision ${Math.floor(events / 4) * 4 - 1} and ${events % 4 || 'nothing'}`));
  await app.close();
});

test('of two writers who read the same revision the second is refused, unless nobody checks', async () => {
  const app = await at('#sample=bank-accounts&at=85&entity=acc-1001&view=query&side=stream');
  const outcomes = () => app.get('append').evaluateAll((all) => all.map((one) => one.dataset.accepted));
  const both = async () => { for (const step of ['A-read', 'B-read', 'A-append', 'B-append']) await app.click(`writer-${step}`); };
  await both();
  await app.expect('the outcomes', async () => (await outcomes()).join(), 'true,false');
  await app.click('writer-B-read');
  await app.click('writer-B-append');
  await app.expect('the second try', async () => (await outcomes()).join(), 'true,false,true');
  await app.click('writers-drop');
  await app.get('writers-check').click();
  await both();
  await app.expect('nobody is refused', async () => (await outcomes()).join(), 'true,true');
  await app.close();
});

test('the same business change stands side by side as an event and as a row change', async () => {
  const app = await at('#sample=bank-accounts&at=27&entity=acc-1003&view=compare&side=rows');
  await app.expectText('rows-answers', /1 event left no trace/);
  await app.expect('the duplicate has no row change', () => app.get('rows-step', { 'data-op': 'none' }).count(), 1);
  assert.equal(await app.get('rows-step', { 'data-op': 'insert' }).count(), 1);
  await app.click('sample-customers-cdc');
  await app.expectText('rows-answers', /never kept/);
  await app.close();
});

test('a link leads to the side of a tab that was open', async () => {
  const app = await at('#sample=orders&at=20&view=query&side=stream');
  await app.get('stream').waitFor();
  await app.click('tab-compare');
  await app.click('compare-by-rows');
  await app.click('share');
  await app.expect('the address', () => app.page.evaluate(() => location.hash), /view=compare&side=rows/);
  await app.close();
});

test('writers wait while the stream that is shown is not the one that is asked for', async () => {
  const dist = process.env.REPLAYGROUND_DIST ?? fileURLToPath(new URL('../../../dist', import.meta.url));
  const site = await serve(dist, '/', withLateReplies(400));
  const app = await App.open(browser, { url: site.url, hash: '#sample=bank-accounts&at=85&entity=acc-1001&view=query&side=stream' });
  const read = app.get('writer-A-read');
  await app.expect('the writer', async () => (await read.count()) > 0 && read.isEnabled(), true);
  const [before, after] = await app.page.evaluate(async () => {
    const is = () => document.querySelector('[data-testid=writer-A-read]').disabled;
    document.querySelector('[data-testid=step-back]').click();
    await new Promise((done) => setTimeout(done, 50));
    const before = is();
    await new Promise((done) => new MutationObserver(() => { if (!is()) done(); }).observe(document.body, { subtree: true, attributes: true, childList: true }));
    return [before, is()];
  });
  assert.deepEqual([before, after], [true, false]);
  await app.close();
  await site.close();
});
