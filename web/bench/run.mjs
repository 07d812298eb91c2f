// One Chromium, one machine, one log: the page against plain JavaScript.
//
// usage: node run.mjs --site DIST [--records N] [--keys N] [--runs N]
// Prints a table on stderr and one JSON object on stdout. Figures are medians; the ratio is what to quote.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { asIfProcessors, serve } from '../e2e/serve.mjs';
import { median, withPage } from './chromium.mjs';
import { makeLog } from './make-log.mjs';
import { seekAtRandom } from './seeking.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

const { values: options } = parseArgs({
  options: {
    site: { type: 'string', default: join(here, '../../dist') },
    records: { type: 'string', default: '1000000' },
    keys: { type: 'string', default: '50000' },
    runs: { type: 'string', default: '3' },
  },
});
const records = Number(options.records);
const keys = Number(options.keys);
const runs = Number(options.runs);

/** A person looks at the page, presses the button and chooses the file: so long at least, for both. */
const LOOK_MS = 2000;
const CHOOSE_MS = 500;

async function plainJavaScript(url, file) {
  return withPage(url, async (page) => {
    await page.waitForTimeout(LOOK_MS + CHOOSE_MS);
    const result = page.evaluate(() => new Promise((done) => {
      const shown = document.querySelector('#result');
      new MutationObserver(() => shown.textContent !== '' && done(shown.textContent)).observe(shown, { childList: true });
    }));
    await page.setInputFiles('#file', file);
    return JSON.parse(await result);
  });
}

/** Searches that look for different things, one of them for what no record holds; how long each took until all its matches were there, in ms. */
async function searches(page) {
  const get = (name) => page.locator(`[data-testid="${name}"]`).first();
  await get('tab-query').click();
  const times = [];
  for (const [field, text] of [['text', 'owner 38677'], ['text', 'nobody has written this'], ['key', 'account-0038677']]) {
    if (await get('search-clear').isVisible()) await get('search-clear').click();
    await get(`search-${field}`).fill(text);
    times.push(await page.evaluate(() => new Promise((done) => {
      const started = performance.now();
      document.querySelector('[data-testid="search-run"]').click();
      const look = () => {
        const results = document.querySelector('[data-testid="search-results"]');
        if (results?.dataset.running === 'false' && results.querySelector('[data-testid="search-found"]')) done(performance.now() - started);
        else requestAnimationFrame(look);
      };
      look();
    })));
  }
  return times;
}

/** Only the load, by a page that believes its machine has four processors: then several workers read. */
async function severalReaders(url, file) {
  return withPage(url, async (page) => {
    await page.waitForSelector('[data-testid="record-row"]');
    await page.waitForTimeout(LOOK_MS);
    return { ms: await load(page, file) };
  });
}

/**
 * Chooses the file as a person does, and waits for the final states; in ms from the choice on. The page tells it by its change, as the one in
 * plain JavaScript does: who looks again in each frame makes the browser paint each frame.
 */
async function load(page, file) {
  await page.evaluate(() => {
    document.querySelector('[data-testid="open-file"]').addEventListener('change', () => (window.started = performance.now()), { capture: true });
  });
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.click('label:has([data-testid="open-file"])')]);
  await page.waitForTimeout(CHOOSE_MS);
  await chooser.setFiles(file);
  return page.evaluate((total) => new Promise((done) => {
    const wanted = String(total);
    const look = () => {
      const shown = document.querySelector('[data-testid="position-total"]')?.textContent.replace(/\D/g, '');
      if (shown !== wanted || document.querySelector('[data-testid="progress"]')) return;
      observer.disconnect();
      done(performance.now() - window.started);
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    look();
  }), records);
}

/** Loads the file through the page's own file input and waits for the final states; then seeks to random positions of random entities. */
async function replayground(url, file, seeks) {
  return withPage(url, async (page, memoryNow) => {
    await page.waitForSelector('[data-testid="record-row"]');
    const firstPaint = await page.evaluate(() => performance.now());
    await page.evaluate(() => {
      window.longTasks = [];
      new PerformanceObserver((list) => list.getEntries().forEach((task) => window.longTasks.push(task.duration))).observe({ entryTypes: ['longtask'] });
    });
    await page.waitForTimeout(LOOK_MS);
    const ms = await load(page, file);
    const loadedMemory = memoryNow();
    const longest = await page.evaluate(() => Math.max(0, ...window.longTasks));
    await page.waitForTimeout(LOOK_MS);
    const { times } = await page.evaluate(seekAtRandom, { seeks, total: records, patience_ms: 1000 });
    // The summary is shown when all final states are known.
    const entities = Number((await page.getAttribute('[data-testid="source-summary"]', 'data-entities')) ?? NaN);
    if (entities !== keys) throw new Error(`the page has the states of ${entities} keys, not of ${keys}`);
    const found = await searches(page);
    return { ms, records, entities, search: Math.max(...found), loadedMemory, firstPaint, longest, seekMedian: times[times.length >> 1], seekP99: times[Math.floor(times.length * 0.99)] };
  });
}

const folder = mkdtempSync(join(tmpdir(), 'replay-log-'));
const file = join(folder, 'accounts.ndjson');
const site = await serve(options.site);
const several = await serve(options.site, '/', asIfProcessors(4));
const bench = await serve(here);
try {
  const bytes = makeLog(file, records, keys);
  console.error(`${records} records, ${keys} keys, ${(bytes / 1e6).toFixed(0)} MB; ${runs} runs each, in turn`);
  const plain = [];
  const page = [];
  const shared = [];
  for (let run = 0; run < runs; run += 1) {
    plain.push(await plainJavaScript(`${bench.url}baseline.html`, file));
    page.push(await replayground(site.url, file, 1000));
    shared.push(await severalReaders(several.url, file));
  }
  const pick = (list, name) => median(list.map((result) => result[name]));
  const result = {
    bytes: statSync(file).size, records, keys, runs,
    plain_ms: pick(plain, 'ms'), page_ms: pick(page, 'ms'),
    times_faster: median(plain.map((result, run) => result.ms / page[run].ms)),
    several_readers_ms: pick(shared, 'ms'),
    slowest_search_ms: pick(page, 'search'),
    plain_memory: pick(plain, 'memory'), page_memory: pick(page, 'memory'), page_empty_memory: pick(page, 'empty'),
    loaded_memory_over_file: (pick(page, 'loadedMemory') - pick(page, 'empty')) / bytes,
    page_memory_over_file: (pick(page, 'memory') - pick(page, 'empty')) / bytes,
    seek_median_ms: pick(page, 'seekMedian'), seek_p99_ms: pick(page, 'seekP99'),
    first_sample_ms: pick(page, 'firstPaint'), longest_main_thread_task_ms: pick(page, 'longest'),
  };
  for (const [name, value] of Object.entries(result)) console.error(`${name.padEnd(30)} ${typeof value === 'number' ? value.toFixed(value < 100 ? 2 : 0) : value}`);
  console.log(JSON.stringify(result));
} finally {
  await site.close();
  await several.close();
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
}
