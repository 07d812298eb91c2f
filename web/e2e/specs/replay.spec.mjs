// What people do in the Replay view.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { App, openBrowser } from '../pages/app.mjs';

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

const line = (key, value, offset, partition = 0) =>
  `${JSON.stringify({ topic: 't', partition, offset, tstype: 'create', ts: 1740960000000 + offset * 1000, broker: 1, key, payload: value === null ? null : JSON.stringify(value) })}\n`;
const LOG = line('a', { status: 'NEW', n: 1 }, 0) + line('b', { status: 'NEW' }, 0, 1) + line('a', { status: 'OLD' }, 1) + line('b', null, 1, 1);

test('a first visit shows a loaded sample, paused, with the paste box on it', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await app.get('paste-input').waitFor();
  assert.ok((await app.total()) > 100);
  const position = await app.position();
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(await app.position(), position, 'nothing plays by itself');
  assert.match(await app.text('source-summary'), /178/);
  await app.close();
});

test('a pasted log replaces the sample and is replayed step by step', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await app.paste(LOG);
  await app.expectTotal(4);
  await app.selectEntity('a');
  await app.click('to-start');
  await app.expectPosition(0);
  await app.click('step');
  await app.expectPosition(1);
  await app.expectState({ status: 'NEW', n: 1 });
  await app.click('to-end');
  await app.expectPosition(4);
  await app.expectState({ status: 'OLD', n: 1 });
  await app.click('step-back');
  await app.expectPosition(3);
  await app.seek(2);
  await app.expectState({ status: 'NEW', n: 1 });
  await app.close();
});

test('another projection shows its effect at once', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await app.paste(LOG);
  await app.expectTotal(4);
  await app.selectEntity('a');
  await app.click('to-end');
  await app.get('projection').selectOption('latest');
  await app.expectState({ status: 'OLD' });
  await app.get('projection').selectOption('merge');
  await app.expectState({ status: 'OLD', n: 1 });
  await app.close();
});

test('a program of one\'s own says what events do, and a wrong one leaves the state', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await app.paste(LOG);
  await app.expectTotal(4);
  await app.selectEntity('a');
  await app.click('to-end');
  await app.get('projection').selectOption('jq');
  await app.expectState({ status: 'OLD', n: 1 });
  await app.get('jq-input').fill('{seen: (.seen + [$event.status]), offset: $record.offset}');
  await app.get('jq-input').press('Control+Enter');
  await app.expectState({ seen: ['NEW', 'OLD'], offset: 1 });
  await app.get('jq-input').fill('{seen: nothing}');
  await app.get('jq-input').press('Control+Enter');
  await app.page.getByText('there is no filter nothing/0').first().waitFor();
  await app.expectState({ seen: ['NEW', 'OLD'], offset: 1 });
  await app.click('language');
  await app.get('jq-input').fill('{n: ($event.status - 1)}');
  await app.get('jq-input').press('Control+Enter');
  const problems = () => app.page.locator('.state-problems').textContent();
  await app.expect('what went wrong while it ran', problems, /程序出错：字符串（"OLD"）与数字（1）不能相减/);
  await app.close();
});

test('the keyboard replays, and leaves what is typed alone', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await app.paste(LOG);
  await app.expectTotal(4);
  await app.page.locator('body').click({ position: { x: 5, y: 5 } });
  await app.press('Home');
  await app.expectPosition(0);
  await app.press('ArrowRight');
  await app.press('ArrowRight');
  await app.expectPosition(2);
  await app.press('ArrowLeft');
  await app.expectPosition(1);
  await app.press('End');
  await app.expectPosition(4);
  await app.get('entity-filter').fill('b');
  await app.press('ArrowLeft');
  await app.press('Home');
  await app.expectPosition(4);
  await app.expect('the entities', () => app.get('entity-row').count(), 1);
  await app.close();
});

test('a broken line is told with its place and the rest is kept', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await app.paste(LOG + '{"topic":"t","partition":0,"offset":9,"tstype":"create","ts":1,"broker":1,"key":"a","payload":}\n');
  await app.expectTotal(4);
  await app.click('errors-show');
  await app.expectText('error-list', /5/);
  await app.close();
});

test('text that is no log at all is answered, and the page stays usable', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await app.paste('\u0000\u0001');
  await app.expectText('source-summary', /^1 record\b.*plain lines/);
  await app.paste('{"error_code":40403,"message":"Consumer instance not found."}');
  await app.expectText('notice', /Consumer instance not found/);
  await app.paste('   ');
  await app.expectText('notice', /[Pp]aste/);
  await app.paste(LOG);
  await app.expectTotal(4);
  await app.close();
});

test('every sample loads', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  for (const [name, records] of [['bank-accounts', 85], ['orders', 102], ['customers-cdc', 97], ['spray-heads', 178]]) {
    await app.loadSample(name);
    await app.expectTotal(records);
  }
  await app.close();
});

test('files are opened and dropped, several as one log', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await app.openFiles([{ name: 'a.ndjson', mimeType: 'application/x-ndjson', buffer: Buffer.from(LOG) }]);
  await app.expectTotal(4);
  await app.drop([{ name: 'a.ndjson', text: LOG }, { name: 'b.ndjson', text: line('c', { x: 1 }, 2) }]);
  await app.expectTotal(5);
  await app.close();
});

test('the fixtures load in the page with the counts of the command line', async () => {
  const folder = new URL('../../../crates/replay-formats/tests/fixtures/', import.meta.url);
  const { files } = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8'));
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  for (const name of ['kcat-json.ndjson', 'console-consumer-full.txt', 'confluent-rest-v2-binary.json', 'debezium-mysql-schema-kcat.ndjson', 'debezium-postgres-console.txt', 'eventstore-atom-body.json', 'plain-values-crlf-bom.ndjson', 'plain-values-utf16.ndjson', 'kcat-edge.ndjson']) {
    await app.openFiles([{ name, mimeType: 'text/plain', buffer: readFileSync(new URL(`formats/${name}`, folder)) }]);
    await app.expectTotal(files[name].records);
  }
  await app.close();
});

test('untrusted text is shown and never becomes part of the page', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  const key = '<img src=x onerror=alert(1)>';
  await app.paste(line(key, { '<b>x</b>': '<script>alert(1)</script>' }, 0));
  await app.expectTotal(1);
  await app.selectEntity(key);
  await app.click('to-end');
  await app.expectState({ '<b>x</b>': '<script>alert(1)</script>' });
  assert.equal(await app.page.locator('img[src="x"]').count(), 0);
  await app.close();
});

for (const [name, options] of [
  ['wide, light', {}],
  ['dark', { colorScheme: 'dark' }],
  ['Chinese', { locale: 'zh-CN' }],
  ['phone', { viewport: { width: 390, height: 844 }, hasTouch: true }],
  ['calm', { reducedMotion: 'reduce' }],
]) {
  test(`axe-core finds nothing serious: ${name}`, async () => {
    const app = await App.open(browser, options);
    await app.get('record-row').first().waitFor();
    assert.deepEqual(await app.accessibilityProblems(), []);
    assert.ok(await app.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth + 1), 'no sideways scrolling');
    await app.close();
  });
}

test('the page speaks Chinese and English', async () => {
  const app = await App.open(browser, { locale: 'zh-CN' });
  await app.get('record-row').first().waitFor();
  await app.expectText('tab-replay', /[\u4e00-\u9fff]/);
  await app.click('language');
  await app.expectText('tab-replay', /Replay/);
  await app.close();
});

test('the partitions are zoomed and moved by W, S, A and D, and follow the cursor', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  const axis = () => app.get('lanes-axis').locator('span').allInnerTexts();
  await app.expect('the whole log', async () => (await axis()).join(' '), '#1 #45 #89 #133 #178');
  await app.press('w');
  const half = await app.expect('half of it', async () => (await axis()).join(' '), (text) => !text.includes('#178'));
  await app.press('w');
  const zoomed = await app.expect('a quarter of it', async () => (await axis()).join(' '), (text) => text !== half);
  await app.press('d');
  await app.expect('further to the right', async () => (await axis()).join(' '), (text) => text !== zoomed);
  await app.press('a');
  await app.expect('and back', async () => (await axis()).join(' '), zoomed);
  await app.press('End');
  await app.expect('the end of the log', async () => (await axis()).at(-1), '#178');
  await app.get('entity-filter').click();
  await app.press('s');
  assert.equal((await axis()).length, 5);
  assert.notEqual((await axis())[0], '#1');
  await app.press('Escape');
  for (let n = 0; n < 3; n += 1) await app.press('s');
  await app.expect('the whole log again', async () => (await axis()).join(' '), '#1 #45 #89 #133 #178');
  await app.close();
});

test('records that are alike stand in one row, which opens', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await app.click('to-start');
  await app.get('group-runs').selectOption('type');
  // Eighteen spray heads are registered before the first changes its status.
  const first = app.get('record-row', { 'data-run': 18 });
  await first.waitFor();
  assert.equal(await first.getAttribute('data-position'), '1');
  await app.seek(5);
  await app.expect('the row of the cursor', () => first.getAttribute('data-position').catch(() => ''), '5');
  assert.equal(await first.getAttribute('data-current'), 'true');
  await app.expect('which one of them it is', () => first.getByTestId('record-run').textContent(), /5\/18/);
  // Enter in the list opens the run under the cursor, and puts it together again.
  await app.get('record-list').focus();
  await app.press('Enter');
  await app.get('record-row', { 'data-position': 6 }).waitFor();
  await app.expect('the row of the cursor', () => app.get('record-row', { 'data-position': 5 }).getAttribute('data-current'), 'true');
  await app.press('Enter');
  await first.waitFor();
  await first.getByTestId('record-run').click();
  await app.get('record-row', { 'data-position': 18 }).waitFor();
  assert.deepEqual(await app.accessibilityProblems(), []);
  await app.page.reload();
  await app.get('record-row').first().waitFor();
  await app.expect('the choice, which is remembered', () => app.get('group-runs').inputValue(), 'type');
  await app.get('group-runs').selectOption('off');
  await app.get('record-row', { 'data-position': 20 }).waitFor();
  await app.close();
});

test('a history opens at the cursor, goes with it, and leads to earlier and later events', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await app.paste(Array.from({ length: 250 }, (_, n) => line('a', { n }, n)).join(''));
  await app.expectTotal(250);
  await app.selectEntity('a');
  await app.click('to-end');
  await app.click('entity-tab-history');
  const step = (position) => app.page.locator(`.history-step[data-position="${position}"]`);
  const isInView = (position) => step(position).evaluate((step) => {
    const [pane, own] = [document.querySelector('.state-side').getBoundingClientRect(), step.getBoundingClientRect()];
    return own.top >= pane.top - 1 && own.bottom <= pane.bottom + 1;
  }).catch(() => false);
  await app.expect('whether the last event is in view', () => isInView(250), true);
  assert.equal(await step(150).count(), 0);
  await app.get('history').getByRole('button', { name: '150 earlier' }).click();
  await step(51).waitFor();
  assert.equal(await step(50).count(), 0);
  await app.click('to-start');
  await app.press('ArrowRight');
  await app.expect('whether the first event is in view', () => isInView(1), true);
  await app.get('history').getByRole('button', { name: '150 later' }).click();
  await step(200).waitFor();
  assert.equal(await step(201).count(), 0);
  await app.seek(140);
  await app.expect('whether the event at the cursor is in view', () => isInView(140), true);
  assert.equal(await step(140).getAttribute('data-current'), 'true');
  await app.close();
});

test('steps of a history that are alike stand together with what they changed in all', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await app.paste([{ n: 0 }, { n: 1 }, { n: 2 }, { n: 3 }, { status: 'NEW' }].map((value, n) => line('a', value, n)).join(''));
  await app.expectTotal(5);
  await app.selectEntity('a');
  await app.click('to-end');
  await app.click('entity-tab-history');
  await app.click('group-history');
  await app.expectText('history-run', /×3.*#2–#4.*n.*0 → 3/);
  const step = app.page.locator('.history-step[data-position="3"]');
  assert.equal(await step.count(), 0);
  await app.get('history-run').getByRole('button').click();
  await step.waitFor();
  assert.deepEqual(await app.accessibilityProblems(), []);
  await app.close();
});

test('lanes and records fold to their heads, never both, and stay so', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  const seen = async () => [await app.page.locator('.lanes-canvas').isVisible(), await app.get('record-list').isVisible()];
  const expectSeen = (expected) => app.expect('what is seen of lanes and records', seen, expected);
  await app.click('fold-lanes');
  await expectSeen([false, true]);
  await app.click('fold-records');
  await expectSeen([true, false]);
  await app.page.reload();
  await app.get('fold-records').waitFor();
  await expectSeen([true, false]);
  await app.click('fold-records');
  await expectSeen([true, true]);
  await app.close();
});
