// Query, Compare and Learn.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { App, openBrowser } from '../pages/app.mjs';

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

async function opened(tab) {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await app.click(`tab-${tab}`);
  return app;
}
const found = async (app) => Number((await app.text('search-found')).match(/^\d+/)?.[0]);

test('records are searched by text, key, type, partition and fields together', async () => {
  const app = await opened('query');
  await app.get('search-text').fill('installed');
  await app.press('Enter');
  await app.expect('the matches', () => found(app), 50);
  await app.get('search-partition').selectOption('1');
  await app.click('search-run');
  const inPartition = await app.expect('fewer matches', () => found(app), (n) => n > 0 && n < 50);
  await app.page.locator('.query-more > summary').click();
  await app.click('search-add-condition');
  await app.get('search-pointer').fill('newStatus');
  await app.get('search-value').fill('INSTALLED');
  await app.click('search-run');
  const installed = await app.expect('even fewer', () => found(app), (n) => n > 0 && n < inPartition);
  await app.expect('a row for each', () => app.get('search-row').count(), installed);
  await app.click('search-open');
  await app.get('record-list').waitFor();
  await app.expect('the state', async () => (await app.state())?.status, 'INSTALLED');
  await app.close();
});

test('a search needs no typing, and what cannot be read in the form is said beside the field', async () => {
  const app = await opened('query');
  await app.click('suggest-type-2');
  await app.expect('the matches', () => found(app), 3);
  await app.click('search-clear');
  await app.expect('the results', () => app.get('search-results').count(), 0);
  await app.page.locator('.query-more > summary').click();
  const wrong = async (name, value, words) => {
    await app.get(name).fill(value);
    await app.click('search-run');
    await app.expectText('search-wrong', words);
    assert.equal(await app.get(name).getAttribute('aria-invalid'), 'true');
    await app.get(name).fill('');
    await app.expect('no word of it', () => app.get('search-wrong').count(), 0);
  };
  await wrong('search-offset-from', 'ten', /whole number/);
  await wrong('search-offset-to', '-1', /whole number/);
  await wrong('search-time-from', '2026-02-31', /such as 2026-01-31/);
  await app.click('search-add-condition');
  await app.get('search-value').fill('x');
  await app.click('search-run');
  await app.expectText('search-wrong', /Name a field/);
  await wrong('search-pointer', '/a~2', /JSON pointer/);
  assert.equal(await app.get('search-results').count(), 0);
  await app.close();
});

test('the cost of a key is told for four ways of reading it', async () => {
  const app = await opened('query');
  await app.click('query-cost');
  await app.get('lookup-key').fill('spray-0014');
  await app.click('lookup-run');
  await app.click('to-end');
  const cost = async (name) => Number((await app.text(`cost-${name}`)).match(/(\d+)$/)?.[1]);
  await app.expect('the whole topic', () => cost('all'), 178);
  await app.expect('the partition', () => cost('scan'), 83);
  await app.expect('the index', () => cost('index'), 17);
  await app.get('cost-every-value').fill('5');
  await app.press('Tab');
  await app.expect('snapshot and tail', () => cost('snapshot'), 3);
  await app.expect('the chart', () => app.get('cost-chart').locator('canvas').count(), 1);
  await app.close();
});

test('two projections are compared, and the states of one entity stand side by side', async () => {
  const app = await opened('compare');
  await app.expect('the outcome of another order', () => app.get('compare-outcome').getAttribute('data-different').catch(() => null), '0');
  // Fifteen of eighteen entities are there at the end.
  await app.expectText('compare-without-state', /^3 more have no state/);
  await app.click('compare-by-projection');
  await app.expect('the outcome', () => app.get('compare-outcome').getAttribute('data-different').catch(() => null), '15');
  await app.click('compare-entity', { 'data-key': 'spray-0004' });
  await app.expectText('compare-sides', /newStatus/);
  assert.ok(await app.get('compare-sides').locator('[data-kind=left]').count() > 0);
  await app.click('compare-open');
  await app.expectText('state-key', 'spray-0004');
  await app.close();
});

test('one entity is compared at two positions', async () => {
  const app = await opened('compare');
  await app.click('compare-by-position');
  await app.click('pin');
  await app.click('to-end');
  await app.expectText('compare-diff', /differ/);
  await app.close();
});

test('every lesson leads to its place, one after the other', async () => {
  const app = await opened('learn');
  await app.click('lesson-immutable');
  await app.get('history').waitFor();
  await app.expectPosition(43);
  const seen = [await app.text('guide')];
  while (await app.get('guide-next').count() > 0) {
    await app.click('guide-next');
    await app.expect('another lesson', () => app.text('guide'), (text) => !seen.includes(text));
    seen.push(await app.text('guide'));
    if (/twice/.test(seen.at(-1))) await app.expectText('state-key', 'acc-1003');
    if (/A null value/.test(seen.at(-1))) await app.expect('the deleted state', () => app.text('state'), 'null');
    if (/Order exists/.test(seen.at(-1))) await app.expect('differing entities', () => app.get('compare-outcome').getAttribute('data-different').catch(() => '0'), (n) => Number(n) > 0);
    if (/store refuses/.test(seen.at(-1))) await app.expectText('stream-conflict', /^1 version conflict/);
    if (/Events beside/.test(seen.at(-1))) await app.expect('an event without a row change', () => app.get('rows-step', { 'data-op': 'none' }).count(), 1);
    if (/forgets|last value of a key/.test(seen.at(-1))) await app.expect('wrong entities', () => app.get('sim-verdict').getAttribute('data-diverged').catch(() => '0'), (n) => Number(n) > 0);
    if (/several read models/.test(seen.at(-1))) await app.get('models').waitFor();
    if (/what, not why/.test(seen.at(-1))) await app.expectText('diff', /credit/);
  }
  assert.equal(seen.length, 18);
  await app.click('guide-close');
  await app.expect('the guide', () => app.get('guide').count(), 0);
  await app.close();
});
