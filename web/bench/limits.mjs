// What the page does at its limits: files that nobody sends on purpose, made here, opened in Chromium.
//
// usage: node limits.mjs [--site DIST] [--only NAME,NAME] [--scale 1]
// Prints a table on stderr and one JSON object on stdout. A case is good if nothing crashed, the main thread never stood still, and either
// the state is shown after a seek or a message says what is wrong. Ends with 1 if one is not. `--scale 0.01` makes each file so much smaller.
// The case of 100 million records needs 3 GB of disk, those of `--only big` and `--only memory-full`, left out otherwise, 5.3 and 4.6 GB; 15 GB must stay free.
import { closeSync, createWriteStream, mkdtempSync, openSync, rmSync, statSync, statfsSync, writeSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { serve } from '../e2e/serve.mjs';
import { withPage } from './chromium.mjs';
import { makeLog } from './make-log.mjs';
import { seekAtRandom } from './seeking.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values: options } = parseArgs({
  options: {
    site: { type: 'string', default: join(here, '../../dist') },
    only: { type: 'string' },
    scale: { type: 'string', default: '1' },
  },
});
const scale = Number(options.scale);
const MUST_STAY_FREE = 15e9;
/** The longest that one load may take. */
const PATIENCE_MS = 15 * 60_000;
/** So long the main thread may be busy at a time: a click waits no longer than a blink. */
const FROZEN_MS = 500;

/** Writes `n` lines, many at a time. */
function lines(path, n, line) {
  const file = openSync(path, 'w');
  const AT_ONCE = 50_000;
  for (let start = 0; start < n; start += AT_ONCE) {
    let piece = '';
    for (let i = start; i < Math.min(n, start + AT_ONCE); i += 1) piece += line(i);
    writeSync(file, piece);
  }
  closeSync(file);
}

/** A line as `kcat -J` prints it. */
const kcat = (offset, key, value) => `{"topic":"limits","partition":0,"offset":${offset},"tstype":"create","ts":${1740960000000 + offset},"broker":1,"headers":[],"key":${JSON.stringify(key)},"payload":${JSON.stringify(JSON.stringify(value))}}\n`;
const times = (n) => Math.max(1, Math.round(n * scale));

/** Each writes its file and says what must be there: `records` if the whole can be read, else the page may show a part and must say so. */
const CASES = {
  'huge-record': {
    what: 'a record of 200 MB in one line, between two small ones',
    make(path) {
      const file = openSync(path, 'w');
      writeSync(file, kcat(0, 'small', { status: 'OPEN' }));
      const whole = kcat(1, 'huge', { status: 'OPEN', memo: '#' }).split('#');
      writeSync(file, whole[0]);
      const piece = 'abcdefghij'.repeat(100_000);
      for (let n = 0; n < times(200); n += 1) writeSync(file, piece);
      writeSync(file, whole[1]);
      writeSync(file, kcat(2, 'small', { status: 'SHIPPED' }));
      closeSync(file);
      return { records: 3, entities: 2, keys: ['huge'] };
    },
  },
  'huge-array': {
    what: 'a record of 200 MB whose value has an array of 4 million objects',
    make(path) {
      const file = openSync(path, 'w');
      writeSync(file, kcat(0, 'small', { status: 'OPEN' }));
      const whole = kcat(1, 'huge', { items: ['#'], status: 'OPEN' }).split(String.raw`\"#\"`);
      writeSync(file, whole[0]);
      const n = times(4e6);
      const AT_ONCE = 50_000;
      for (let start = 0; start < n; start += AT_ONCE) {
        let piece = start > 0 ? ',' : '';
        const end = Math.min(n, start + AT_ONCE);
        for (let i = start; i < end; i += 1) piece += String.raw`{\"sku\":\"part-${i}\",\"count\":${i % 100}}` + (i + 1 < end ? ',' : '');
        writeSync(file, piece);
      }
      writeSync(file, whole[1]);
      writeSync(file, kcat(2, 'small', { status: 'SHIPPED' }));
      closeSync(file);
      return { records: 3, entities: 2, keys: ['huge'] };
    },
  },
  'key-per-record': {
    what: '2 million records, each with a key of its own',
    make(path) {
      const n = times(2e6);
      lines(path, n, (i) => kcat(i, `order-${String(i).padStart(8, '0')}`, { orderId: i, status: 'PLACED', total: i % 9973 }));
      return { records: n, entities: n };
    },
  },
  'one-key': {
    what: '1 million events of one entity',
    make(path) {
      const n = times(1e6);
      lines(path, n, (i) => kcat(i, 'the-only-one', { version: i + 1, [`field${i % 50}`]: i }));
      return { records: n, entities: 1 };
    },
  },
  'empty-lines': {
    what: '10 million empty lines, then two records',
    make(path) {
      const n = times(1e7);
      lines(path, n + 2, (i) => (i < n ? '\n' : kcat(i, 'a', { status: i })));
      return { records: 2, entities: 1 };
    },
  },
  'short-records': {
    what: '100 million records of 30 bytes, 1 000 keys',
    make(path) {
      const n = times(1e8);
      lines(path, n, (i) => `{"key":"k${i % 1000}","value":{"n":${i % 100}}}\n`);
      return { records: n, entities: Math.min(n, 1000) };
    },
  },
  'gzip-bomb': {
    what: 'a gzip file that unpacks to 4 GB',
    async make(path) {
      const piece = Buffer.from('{"key":"a","value":{"n":1}}\n'.repeat(40_000));
      const pieces = (function* () { for (let size = 0; size < 4e9 * scale; size += piece.length) yield piece; }());
      await pipeline(Readable.from(pieces, { objectMode: false }), createGzip({ level: 6 }), createWriteStream(path));
      return {};
    },
    name: 'bomb.ndjson.gz',
  },
  'memory-full': {
    what: '40 million records of 115 bytes, each with a key of its own: more than a page has memory for',
    make(path) {
      lines(path, times(4e7), (i) => `{"topic":"limits","partition":${i % 4},"offset":${i >> 2},"timestamp":${1740960000000 + i},"key":"order-${i}","value":{"n":${i % 100}}}\n`);
      return {};
    },
    rare: true,
  },
  big: {
    what: '17 million records of 300 bytes, 500 000 keys, 5.3 GB, and 1 000 seeks',
    make(path) {
      makeLog(path, times(17e6), times(500_000));
      return { records: times(17e6), entities: times(500_000), seeks: 1000, rest_ms: 2000 };
    },
    rare: true,
  },
};

/** Loads the file, waits until the page has come to an end with it, seeks, and tells what was seen. */
async function open(url, file, { records, keys = [], seeks = 20, rest_ms = 0 }) {
  return withPage(url, async (page, memoryNow) => {
    const seen = { crashed: false, errors: [] };
    let peak = 0;
    const watch = setInterval(() => { peak = Math.max(peak, memoryNow()); }, 500);
    const crash = new Promise((done) => page.on('crash', () => { seen.crashed = true; done(); }));
    page.on('console', (message) => { if (message.type() === 'error') seen.errors.push(message.text().slice(0, 200)); });
    page.on('pageerror', (error) => seen.errors.push(String(error).slice(0, 200)));
    page.setDefaultTimeout(PATIENCE_MS);
    await page.waitForSelector('[data-testid="record-row"]');
    await page.evaluate(() => {
      window.longTasks = [];
      new PerformanceObserver((list) => list.getEntries().forEach((task) => window.longTasks.push(task.duration))).observe({ entryTypes: ['longtask'] });
      window.before = document.querySelector('[data-testid="position-total"]').textContent;
      document.querySelector('[data-testid="open-file"]').addEventListener('change', () => (window.started = performance.now()), { capture: true });
    });
    await page.setInputFiles('[data-testid="open-file"]', file);
    // The end is when nothing is in progress and the summary is another than that of the sample; or a notice.
    const ended = page.evaluate((patience) => new Promise((done) => {
      const look = () => {
        const elapsed = performance.now() - window.started;
        const total = document.querySelector('[data-testid="position-total"]')?.textContent ?? window.before;
        const notice = document.querySelector('[data-testid="notice"]')?.textContent ?? '';
        window.firstRow ??= total === window.before ? undefined : elapsed;
        const isLoaded = window.firstRow !== undefined && !document.querySelector('[data-testid="progress"]');
        if (isLoaded || notice || elapsed > patience) done({ ms: elapsed, first_ms: window.firstRow, notice, late: elapsed > patience });
        else setTimeout(look, 20);
      };
      look();
    }), PATIENCE_MS).catch((error) => { seen.errors.push(String(error).slice(0, 200)); });
    Object.assign(seen, await Promise.race([ended, crash]));
    if (!seen.crashed) {
      const after = (async () => {
        await page.waitForTimeout(rest_ms);
        const loaded = await page.evaluate(() => {
          const longest_ms = Math.max(0, ...window.longTasks);
          window.longTasks.length = 0;
          const total = Number((document.querySelector('[data-testid="position-total"]')?.textContent ?? '').replace(/\D/g, ''));
          return { longest_ms, total, summary: { ...document.querySelector('[data-testid="source-summary"]')?.dataset } };
        });
        const { times, missed } = await page.evaluate(seekAtRandom, { seeks, total: loaded.total, patience_ms: 10_000 });
        const text = (name) => page.evaluate((name) => document.querySelector(`[data-testid="${name}"]`)?.textContent ?? '', name);
        return {
          ...loaded, seeks: times.length, missed,
          seek_median_ms: times[times.length >> 1], seek_p99_ms: times[Math.floor(times.length * 0.99)],
          state: (await text('state')).slice(0, 80), said: (await text('source-summary')).slice(0, 300),
        };
      })().catch((error) => { seen.errors.push(String(error).slice(0, 200)); });
      Object.assign(seen, await Promise.race([after, crash]));
    }
    for (const key of seen.crashed ? [] : keys) {
      // An entity whose state is as large as its record: its state, blame and history are shown, and its record's row.
      const begun = Date.now();
      const test = (name) => page.locator(`[data-testid="${name}"]`).first();
      const look = async () => {
        await page.locator(`[data-testid="entity-row"][data-key=${JSON.stringify(key)}]`).first().click({ timeout: 10_000 });
        await page.locator(`[data-testid="state-key"][title=${JSON.stringify(key)}]`).waitFor({ timeout: 60_000 });
        await test('to-end').click();
        const first = Date.now() - begun;
        for (const [tab, panel] of [['blame', 'blame'], ['history', 'history'], ['state', 'state']]) {
          await test(`entity-tab-${tab}`).click();
          await test(panel).waitFor({ timeout: 60_000 });
        }
        return { shown: await test('state').textContent().then((text) => text.includes('OPEN')), first_ms: first };
      };
      const looked = look().catch((error) => { seen.errors.push(String(error).split('\n')[0].slice(0, 200)); return { shown: false }; });
      const { shown = false, first_ms } = (await Promise.race([looked, crash])) ?? {};
      seen.entity = { key, shown, first_ms, ms: Date.now() - begun };
    }
    if (!seen.crashed) {
      seen.problems = await page.evaluate(async () => {
        if (document.querySelector('[data-testid="source-summary"]')?.dataset.errors === '0') return '';
        document.querySelector('[data-testid="errors-show"]')?.click();
        await new Promise((done) => setTimeout(done, 300));
        return (document.querySelector('[data-testid="error-list"]')?.textContent ?? '').slice(0, 300);
      }).catch(() => '');
      const late = await page.evaluate(() => Math.max(0, ...window.longTasks)).catch(() => NaN);
      seen.longest_ms = Math.max(seen.longest_ms ?? 0, late);
    }
    clearInterval(watch);
    return { ...seen, peak: Math.max(peak, memoryNow()) };
  });
}

const verdict = (seen, { records, entities }) => {
  const { summary = {} } = seen;
  const whole = Number(summary.records) === records && Number(summary.entities) === entities && seen.seeks > 0 && seen.missed === 0;
  const told = (seen.notice || seen.problems) && !whole;
  const bad = [];
  if (seen.crashed) bad.push('the tab crashed');
  if (seen.late) bad.push('came to no end');
  if (seen.longest_ms > FROZEN_MS) bad.push(`the main thread stood still for ${Math.round(seen.longest_ms)} ms`);
  if (seen.entity && !seen.entity.shown) bad.push(`the state of ${seen.entity.key} was not shown`);
  if (!whole && !told) bad.push(records === undefined ? 'nothing says what is wrong' : `${summary.records} records and ${summary.entities} keys instead of ${records} and ${entities}, ${seen.missed} seeks missed, and no message`);
  return { good: bad.length === 0, outcome: bad.join('; ') || (whole ? 'works' : `says: ${seen.notice || seen.problems}`) };
};

const wanted = options.only?.split(',') ?? Object.keys(CASES).filter((name) => !CASES[name].rare);
const unknown = wanted.filter((name) => !CASES[name]);
if (unknown.length > 0) {
  console.error(`no case ${unknown.join(', ')}; there are ${Object.keys(CASES).join(', ')}`);
  process.exit(2);
}
const site = await serve(options.site);
const folder = mkdtempSync(join(tmpdir(), 'replay-limits-'));
const results = {};
let failed = false;
try {
  for (const name of wanted) {
    const { what, make, name: fileName = 'limits.ndjson' } = CASES[name];
    const needs = { big: 5.5e9, 'short-records': 3.5e9, 'memory-full': 5e9 }[name] ?? 1e9;
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize - needs * scale < MUST_STAY_FREE) {
      console.error(`${name} skipped: less than 15 GB of disk would stay free`);
      continue;
    }
    const file = join(folder, fileName);
    const expected = await make(file);
    const bytes = statSync(file).size;
    const load = loadavg()[0];
    const seen = await open(site.url, file, expected);
    rmSync(file, { force: true });
    const { good, outcome } = verdict(seen, expected);
    failed ||= !good;
    results[name] = { what, bytes, load, good, outcome, ...seen };
    const number = (value, unit) => (Number.isFinite(value) ? `${value.toFixed(0)} ${unit}` : '–');
    console.error(`${name.padEnd(15)} ${(bytes / 1e6).toFixed(0).padStart(5)} MB  end ${number(seen.ms, 'ms')}, first ${number(seen.first_ms, 'ms')}, seek ${number(seen.seek_median_ms, 'ms')} / p99 ${number(seen.seek_p99_ms, 'ms')}, peak ${number(seen.peak / 1e6, 'MB')} (empty ${number(seen.empty / 1e6, 'MB')}), longest task ${number(seen.longest_ms, 'ms')}${seen.entity ? `, ${seen.entity.key} after ${seen.entity.ms} ms` : ''}; load ${load.toFixed(1)}`);
    console.error(`${''.padEnd(15)} ${good ? outcome : `FAILED: ${outcome}`}${seen.errors.length > 0 ? `; console: ${seen.errors.slice(0, 3).join(' | ')}` : ''}`);
  }
  console.log(JSON.stringify(results));
} finally {
  await site.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
