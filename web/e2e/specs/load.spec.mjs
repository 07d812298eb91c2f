// Long loads, cancelled ones, and what could not be read.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, openSync, writeSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { App, openBrowser } from '../pages/app.mjs';
import { asIfProcessors, serve, withHeldReads, withLateReplies } from '../serve.mjs';

let browser;
let folder;
/** The site with workers whose reading can be held back; one reader, so that it is the page's own. */
let slow;
const dist = process.env.REPLAYGROUND_DIST ?? fileURLToPath(new URL('../../../dist', import.meta.url));
before(async () => {
  browser = await openBrowser();
  folder = mkdtempSync(join(tmpdir(), 'replayground-e2e-'));
  slow = await serve(dist, '/', (path, bytes) => withHeldReads(path, asIfProcessors(1)(path, bytes)));
});
after(async () => { rmSync(folder, { recursive: true, force: true }); await browser.close(); await slow.close(); });

/** Lets the workers read what is behind the first megabytes of a file slowly (`hold`), or as fast as it goes (`go`). */
async function reads(app, what) {
  await app.page.evaluate((what) => new Promise((done) => {
    const channel = new BroadcastChannel('reads');
    channel.onmessage = () => { channel.close(); done(); };
    channel.postMessage(what);
  }), what);
}

/** Cancels a load when some of it was read. The rest comes slowly meanwhile: a page that is busy would else be told of the end. */
async function cancelled(app, path) {
  await reads(app, 'hold');
  await app.page.evaluate(() => {
    const observer = new MutationObserver(() => {
      const button = document.querySelector('[data-testid=cancel]');
      if (!button || !/[1-9]/.test(button.parentElement.textContent)) return;
      observer.disconnect();
      button.click();
    });
    observer.observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  await app.openFiles([path]);
  await app.get('partial').waitFor();
  await reads(app, 'go');
}

const RECORDS = 240_000;
/** A file of about 60 MB. */
function bigFile() {
  const path = join(folder, 'big.ndjson');
  const file = openSync(path, 'w');
  const padding = 'x'.repeat(120);
  for (let start = 0; start < RECORDS; start += 10_000) {
    let text = '';
    for (let n = start; n < start + 10_000; n += 1) {
      const partition = n % 4;
      text += `{"topic":"t","partition":${partition},"offset":${Math.floor(n / 4)},"tstype":"create","ts":${1740960000000 + n},"broker":1,"key":"k${n % 5000}","payload":"{\\"n\\":${n},\\"status\\":\\"S${n % 7}\\",\\"note\\":\\"${padding}\\"}"}\n`;
    }
    writeSync(file, text);
  }
  closeSync(file);
  return path;
}

test('a big load shows its progress, can be cancelled, keeps what came, and leads back or on', async () => {
  const path = bigFile();
  const app = await App.open(browser, { url: slow.url });
  await app.get('record-row').first().waitFor();
  await app.page.evaluate(() => {
    globalThis.longTasks = [];
    new PerformanceObserver((list) => globalThis.longTasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ entryTypes: ['longtask'] });
  });
  await cancelled(app, path);
  const part = await app.total();
  assert.ok(part > 0 && part < RECORDS, `${part} records were kept`);
  assert.match(await app.text('partial'), /cancelled/);
  assert.match(await app.text('back-to-previous'), /Spray heads/);
  await app.click('load-all');
  await app.expectTotal(RECORDS, 60_000);
  assert.equal(await app.get('partial').count(), 0);
  const longest = Math.max(0, ...await app.page.evaluate(() => globalThis.longTasks));
  assert.ok(longest < 200, `a task of the main thread took ${longest} ms`);
  await app.close();
});

test('where there are processors to spare, several workers read one file, and the log is the same', async () => {
  const summary = async (app) => app.get('source-summary').evaluate((element) => ({ ...element.dataset, generation: '' }));
  const seen = [];
  for (const processors of [1, 4]) {
    const site = await serve(dist, '/', asIfProcessors(processors));
    const app = await App.open(browser, { url: site.url });
    await app.get('record-row').first().waitFor();
    let workers = 0;
    app.page.on('worker', () => { workers += 1; });
    await app.openFiles([join(folder, 'big.ndjson')]);
    await app.expectTotal(RECORDS, 60_000);
    await app.selectEntity('k0');
    await app.click('to-end');
    await app.expect('the state', async () => (await app.state())?.n, RECORDS - 5000);
    seen.push({ summary: await summary(app), state: await app.state() });
    assert.ok(processors === 1 ? workers === 0 : workers > 1, `${workers} more workers with ${processors} processors`);
    await app.close();
    await site.close();
  }
  assert.deepEqual(seen[0], seen[1]);
});

test('a cancelled load leads back to the sample before it', async () => {
  const app = await App.open(browser, { url: slow.url });
  await app.get('record-row').first().waitFor();
  await cancelled(app, join(folder, 'big.ndjson'));
  await app.click('back-to-previous');
  await app.expectTotal(178);
  await app.close();
});

test('invalid UTF-8 and skipped lines are listed with their place, and the list can be saved', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  const good = (n) => Buffer.from(`{"accountId":"a-${n % 2}","type":"Changed","n":${n}}\n`);
  const broken = Buffer.concat([Buffer.from('{"accountId":"a-1","type":"Changed","n":1,"name":"'), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('"}\n')]);
  const buffer = Buffer.concat([good(0), broken, Buffer.from('not a record\n'), Buffer.from('{"accountId":"a-1","ty\n'), good(8), good(9)]);
  await app.openFiles([{ name: 'broken.ndjson', mimeType: 'text/plain', buffer }]);
  await app.expectTotal(4);
  await app.click('errors-show');
  const list = await app.text('error-list');
  assert.match(list, /Line 3/);
  assert.match(list, /Line 4/);
  assert.match(list, /UTF-8/);
  const [download] = await Promise.all([app.page.waitForEvent('download'), app.click('errors-save')]);
  const saved = readFileSync(await download.path(), 'utf8');
  assert.match(saved, /^source\tline\tcolumn\tcode\tmessage\taround\n/);
  assert.match(saved, /\t3\t\d+\t/);
  await app.close();
});

test('what is no log says so in the language of the page, until something else is loaded', async () => {
  const app = await App.open(browser, { locale: 'zh-CN' });
  await app.get('record-row').first().waitFor();
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  for (const [name, buffer, words] of [['a.png', png, /PNG 图片/], ['a.html', Buffer.from('<!DOCTYPE html>\n<html></html>'), /网页/], ['a.json', Buffer.alloc(0), /输入是空的/]]) {
    await app.openFiles([{ name, mimeType: 'text/plain', buffer }]);
    await app.expectText('notice', words);
    assert.equal(await app.total(), 178, 'the log that was there stays');
  }
  await app.paste('{"id":"a","n":1}\n{"id":"b" "n":2}\n');
  await app.expectTotal(1);
  await app.expect('the word of the failure', () => app.get('notice').count(), 0);
  await app.click('errors-show');
  await app.expectText('error-list', /第 2 行第 11 列：不是有效的 JSON：这里应是逗号或右括号/);
  await app.expectText('error-list', /以 \/id 为键：1 条记录中有 1 个不同的值/);
  await app.close();
});

test('a mapping that makes no sense is refused in the language of the page', async () => {
  const app = await App.open(browser, { locale: 'zh-CN' });
  await app.get('record-row').first().waitFor();
  await app.click('mapping-open');
  await app.get('mapping-key').fill('foo bar');
  await app.press('Tab');
  await app.expectText('mapping-refused', /这不是一个位置：key: foo bar/);
  await app.close();
});

test('a log without keys says what to do, and leads there', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await app.paste('one line\nand another\n');
  await app.expectTotal(2);
  await app.get('no-keys').getByRole('button').click();
  await app.get('mapping').waitFor();
  await app.close();
});

test('what is pasted before the engine has started is what is loaded', async () => {
  const site = await serve(dist, '/', withLateReplies(1000));
  const app = await App.open(browser, { url: site.url });
  await app.paste('{"id":"a","n":1}');
  await app.expectTotal(1);
  // What would load the sample has run by then.
  await app.click('to-end');
  await app.expectState({ id: 'a', n: 1 });
  assert.equal(await app.total(), 1);
  await app.close();
  await site.close();
});

test('what is probably no log is told with what it reads like and what to do', async () => {
  const app = await App.open(browser);
  const cases = [
    ['Every change is an event.\nTo rebuild the state, one replays them.', 2, /reads like plain text.*2 in all/],
    ['boom\n\tat com.example.Main.run(Main.java:14)', 2, /a stack trace/],
    ['$ kcat -b localhost:9092 -t orders -C -J', 1, /a command of a shell.*paste what it prints/],
    ['{"name":"replay","version":"1.0.0","scripts":{"test":"node --test"}}', 1, /a settings file/],
    ['42', 1, /single values/],
    ['{}', 1, /an object without members/],
  ];
  for (const [text, total, words] of cases) {
    await app.paste(text);
    await app.expectTotal(total);
    await app.expectText('doubt', words);
  }
  await app.click('doubt-more');
  await app.click('doubt-try');
  await app.expectText('source-summary', /^2 records, 1 entity/);
  assert.equal(await app.get('doubt').count(), 0);
  await app.paste('[]');
  await app.expectText('notice', /an empty list/);
  assert.equal(await app.total(), 2, 'the log that was there stays');
  await app.close();
});

test('a text that is cut off is told with its place, which leads to the list, or back into the box', async () => {
  const app = await App.open(browser);
  await app.paste('{"id":"a","n":1}\n{"id":"b","n":2}\n{"id":"a","n":');
  await app.expectText('error-place', 'line 3, column 15');
  await app.page.setViewportSize({ width: 1024, height: 768 });
  const [place, open] = [await app.get('error-place').boundingBox(), await app.get('kafka').boundingBox()];
  assert.ok(place.x + place.width <= open.x || place.y >= open.y + open.height, 'the place lies under no button');
  await app.click('error-place');
  await app.expect('the place in focus', () => app.page.evaluate(() => document.activeElement.textContent), /Line 3, column 15: the input ends/);
  await app.paste('{"id":"日本","n":');
  await app.expectText('notice', /line 1, column 20: the input ends.*Paste or open/);
  await app.click('notice-edit');
  const box = app.get('paste-input');
  await app.expect('the text', () => box.inputValue(), '{"id":"日本","n":');
  assert.equal(await box.evaluate((box) => box.selectionStart), 15);
  await box.press('End');
  await box.pressSequentially('3}');
  await app.click('paste-load');
  await app.expectTotal(1);
  await app.click('to-end');
  await app.expectState({ id: '日本', n: 3 });
  await app.close();
});
