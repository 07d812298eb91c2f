// Where the parts of a record are: shown, changed with a preview, used, remembered, saved and read back; and saving the log.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { App, openBrowser } from '../pages/app.mjs';

let browser;
before(async () => { browser = await openBrowser(); });
after(async () => { await browser.close(); });

/** Events in a shape of somebody's own. */
const OWN = Array.from({ length: 6 }, (_, n) => JSON.stringify({
  header: { when: 1740960000 + n, kind: n % 2 ? 'Moved' : 'Placed', uid: `u-${n}` }, thing: `t-${n % 2}`, place: `p-${n % 3}`, nr: 100 + n,
})).join('\n');

async function paste(app, text) {
  await app.paste(text);
  await app.expectTotal(6);
}

/** The cells of a column of the preview. */
async function column(app, part) {
  return app.get('mapping-preview-row').evaluateAll((rows, part) => rows.map((row) => row.querySelector(`[data-part=${JSON.stringify(part)}]`)?.textContent), part);
}

async function entities(app) {
  return app.get('source-summary').getAttribute('data-entities');
}

test('every part can be taken from elsewhere; the first records show it at once, and the log is read so', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await paste(app, OWN);
  await app.press('ArrowRight');
  await app.press('ArrowRight');
  await app.expectPosition(2);
  await app.click('mapping-open');
  await app.get('mapping-preview-row').first().waitFor();
  assert.equal(await app.get('mapping-preview-row').count(), 6);
  assert.match(await app.text('mapping-evidence'), /\/thing|\/place/);
  await app.get('mapping-key').fill('/place');
  await app.expect('the keys', () => column(app, 'key'), ['p-0', 'p-1', 'p-2', 'p-0', 'p-1', 'p-2']);
  await app.get('mapping-event_type').fill('/header/kind');
  await app.get('mapping-event_id').fill('/header/uid');
  await app.get('mapping-offset').fill('/nr');
  await app.get('mapping-timestamp').fill('/header/when');
  await app.expect('the offsets', () => column(app, 'offset'), ['100', '101', '102', '103', '104', '105']);
  await app.expect('the types', async () => (await column(app, 'event_type'))[1], 'Moved');
  await app.expect('the times', async () => (await column(app, 'timestamp'))[0], /^2025-03-03/);
  await app.get('mapping-unit').selectOption('ms');
  await app.expect('the times', async () => (await column(app, 'timestamp'))[0], /^1970-01-21/);
  await app.get('mapping-unit').selectOption('s');
  await app.get('mapping-version').fill('nonsense');
  await app.expectText('mapping-refused', /is no place/);
  await app.get('mapping-version').fill('');
  await app.expect('no refusal', () => app.get('mapping-refused').count(), 0);
  await app.click('mapping-version-detect');
  await app.click('mapping-apply');
  await app.expect('the entities', () => entities(app), '3');
  await app.expectTotal(6);
  // The same log is read again: the cursor stays where it was.
  await app.expectPosition(2);
  // The link leads to the same reading.
  await app.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await app.click('share');
  const link = await app.expect('the link', () => app.page.evaluate(() => location.hash), /text=/);
  const other = await App.open(browser, { hash: link });
  await other.expectTotal(6);
  await other.expect('the entities', () => entities(other), '3');
  await other.close();
  await app.close();
});

test('a mapping is remembered for exports of the same kind, until it is forgotten', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await paste(app, OWN);
  await app.click('mapping-open');
  await app.get('mapping-key').fill('/header/uid');
  await app.expect('the keys', async () => (await column(app, 'key'))[5], 'u-5');
  await app.click('mapping-apply');
  await app.expect('the entities', () => entities(app), '6');
  await app.page.reload();
  await app.get('record-row').first().waitFor();
  await paste(app, OWN.replaceAll('p-1', 'q-1'));
  await app.expect('the entities', () => entities(app), '6');
  await app.click('errors-show');
  await app.expectText('error-list', /used again/);
  await app.click('mapping-open');
  await app.expect('the key', () => app.get('mapping-key').inputValue(), '/header/uid');
  await app.click('mapping-detect');
  await app.expect('the keys', async () => (await column(app, 'key'))[5], (key) => key !== 'u-5');
  await app.click('mapping-apply');
  await app.expect('the entities', () => entities(app), (n) => n !== '6');
  const plain = await entities(app);
  await app.page.reload();
  await app.get('record-row').first().waitFor();
  await paste(app, OWN);
  await app.expect('the entities', () => entities(app), plain);
  await app.close();
});

test('a mapping is saved as a file and read back; a wrong one is refused; any text opens as lines', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await paste(app, OWN);
  await app.click('mapping-open');
  await app.get('mapping-key').fill('/place');
  await app.get('mapping-format').selectOption('events');
  const [download] = await Promise.all([app.page.waitForEvent('download'), app.click('mapping-export')]);
  const saved = readFileSync(await download.path(), 'utf8');
  assert.deepEqual(JSON.parse(saved), { format: 'events', key: '/place' });
  await app.click('mapping-detect');
  const file = (text) => ({ name: 'mapping.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await app.get('mapping-import').setInputFiles([file('{"keys":"/a"}')]);
  await app.expectText('mapping-refused', /unknown field/);
  await app.get('mapping-import').setInputFiles([file(saved)]);
  await app.expect('the keys', async () => (await column(app, 'key'))[1], 'p-1');
  await app.get('mapping-format').selectOption('lines');
  await app.expect('the values', async () => (await column(app, 'value'))[0], /header/);
  await app.get('mapping-remember').uncheck();
  await app.click('mapping-apply');
  await app.expect('the format', () => app.get('source-summary').getAttribute('data-format'), 'lines');
  await app.get('format').selectOption('');
  await app.expect('the format', () => app.get('source-summary').getAttribute('data-format'), 'events');
  await app.close();
});

test('the panel can be used without a mouse and has no serious fault', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await app.get('mapping-open').focus();
  await app.press('Enter');
  await app.get('mapping-preview-row').first().waitFor();
  assert.deepEqual(await app.accessibilityProblems(), []);
  await app.press('Escape');
  await app.expect('no panel', () => app.get('mapping').count(), 0);
  await app.close();
});

test('the log is saved in another format and reads back the same', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  const [records, keys] = [await app.total(), await entities(app)];
  for (const format of ['ndjson', 'avro', 'csv', 'redpanda-console']) {
    await app.click('save-log');
    const [download] = await Promise.all([app.page.waitForEvent('download'), app.click(`export-${format}`)]);
    await app.press('Escape');
    const buffer = readFileSync(await download.path());
    const before = await app.get('source-summary').getAttribute('data-generation');
    await app.openFiles([{ name: download.suggestedFilename(), mimeType: 'application/octet-stream', buffer }]);
    await app.expect('another log', async () => (await app.get('source-summary').count()) > 0 && app.get('source-summary').getAttribute('data-generation'), (value) => Boolean(value) && value !== before);
    await app.expect(`the log as ${format}`, async () => [await app.total(), await entities(app)], [records, keys]);
  }
  await app.close();
});

test('problems are counted by kind and show the text around them', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await app.paste('{"id":"a","n":1}\nnot a record\n{"id":"a","n":2}\nneither is this\n{"id" "b"}\n');
  await app.expectTotal(2);
  await app.click('errors-show');
  await app.expectText('error-kinds', /2 × not a record/);
  await app.expect('the text around', () => app.get('error-around').allTextContents(), ['not a record', 'neither is this', '{"id" "b"}']);
  await app.click('error-kind-not-a-record');
  await app.expect('one kind alone', () => app.get('error-around').allTextContents(), ['not a record', 'neither is this']);
  await app.click('error-kind-not-a-record');
  await app.expect('all again', () => app.get('error-around').count(), 3);
  await app.close();
});

test('text of kcat is read by the format that is given, or by the command line with it', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  const file = new URL('../../../crates/replay-formats/tests/fixtures/formats/kcat-format-full.txt', import.meta.url);
  const text = readFileSync(file, 'utf8').replaceAll('Topic ', 'topic=');
  const before = await app.get('source-summary').getAttribute('data-generation');
  await app.paste(text);
  await app.expect('another log', () => app.get('source-summary').getAttribute('data-generation'), (value) => Boolean(value) && value !== before);
  await app.click('mapping-open');
  await app.get('mapping-kcat-format').fill('topic=%t [%p] at offset %o, ts %T, key %k%s');
  await app.expectText('mapping-refused', /Nothing stands between .*%k%s/);
  const format = String.raw`topic=%t [%p] at offset %o, ts %T, key %k, headers %h: %s\n`;
  await app.get('mapping-kcat-format').fill(`kcat -C -b localhost -t status-events -f '${format}' > log.txt`);
  await app.expect('no refusal', () => app.get('mapping-refused').count(), 0);
  await app.expect('the keys', async () => (await column(app, 'key')).slice(0, 2), ['spray-0001', 'spray-0002']);
  await app.expect('the topic', async () => (await column(app, 'topic'))[0], 'status-events');
  await app.expect('the offsets', async () => (await column(app, 'offset')).slice(0, 4), ['0', '0', '0', '1']);
  await app.expectText('mapping-evidence', /read by the format that was given: topic=%t/);
  const [download] = await Promise.all([app.page.waitForEvent('download'), app.click('mapping-export')]);
  assert.match(JSON.parse(readFileSync(await download.path(), 'utf8')).kcat_format, /^kcat -C/);
  await app.click('mapping-apply');
  await app.expectTotal(26);
  await app.expect('the entities', () => entities(app), '6');
  // The next export of the kind is read so by itself.
  await app.page.reload();
  await app.get('record-row').first().waitFor();
  await app.paste(text.replaceAll('spray-0005', 'spray-0006'));
  await app.expectTotal(26);
  await app.expect('the entities', () => entities(app), '6');
  await app.close();
});

test('columns of rows that say nothing without their schema are converted by hand, and stay so', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  const source = { connector: 'mysql', name: 'f', db: 'p', table: 'parts', ts_ms: 1740960000000 };
  const row = (id) => JSON.stringify({ before: null, after: { id, price: 'GWQ=', day: 20150 }, source, op: 'c', ts_ms: 1740960000001 + id });
  await app.paste([1, 2, 3].map(row).join('\n'));
  await app.expectTotal(3);
  await app.press('End');
  await app.expectPosition(3);
  await app.click('mapping-open');
  await app.click('mapping-columns');
  await app.expectText('mapping-shown-day', /^20150$/);
  await app.get('mapping-column-day').selectOption('date');
  await app.expectText('mapping-shown-day', /^"2025-03-03"$/);
  await app.get('mapping-column-price').selectOption('decimal');
  await app.expectText('mapping-shown-price', /^65\.00$/);
  await app.get('mapping-scale-price').fill('3');
  await app.expectText('mapping-shown-price', /^6\.500$/);
  await app.expectText('mapping-evidence', /day \(date\), price \(decimal:3\)/);
  await app.click('mapping-apply');
  await app.expectText('state', /2025-03-03/);
  await app.expectPosition(3);
  await app.expectText('state', /6\.500/);
  // The next export of the kind is read so by itself.
  await app.page.reload();
  await app.get('record-row').first().waitFor();
  await app.paste([1, 2, 3, 4].map(row).join('\n'));
  await app.expectTotal(4);
  await app.page.keyboard.press('End');
  await app.expectText('state', /2025-03-03/);
  await app.close();
});
