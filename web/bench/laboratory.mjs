// The laboratory in Chromium: from moving a control to its effect on the screen, and how much faster workers rebuild side by side.
//
// usage: node laboratory.mjs [--site DIST] [--records N] [--runs N]
// Prints a table on stderr and one JSON object on stdout. Times are medians over the runs.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { serve } from '../e2e/serve.mjs';
import { median } from './chromium.mjs';
import { makeLog } from './make-log.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const { chromium } = createRequire(join(here, '../e2e/package.json'))('playwright-core');
const { values: options } = parseArgs({
  options: {
    site: { type: 'string', default: join(here, '../../dist') },
    records: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '9' },
  },
});

// 12 partitions, 4 consumers, duplicates and a fold that knows them, compaction: the same as in crates/replay-sim/benches.
const SCENARIO = {
  topic: { partitions: 12 },
  producer: { duplicate_rate: 0.01 },
  consumers: { count: 4, rate: '50%', commit_every: 100 },
  idempotency: 'event_id',
  cleanup: { policy: 'compact', segment_bytes: 1000000 },
};
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

async function measure(browser, url, file, records, runs) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(300_000);
  await page.goto(url);
  await page.getByTestId('record-row').first().waitFor();
  await page.getByTestId('open-file').setInputFiles(file);
  await page.waitForFunction((n) => document.querySelector('[data-testid=position-total]')?.textContent.replace(/\D/g, '') === String(n), records);
  const shown = () => page.waitForFunction(() => document.querySelector('[data-testid=simulate]')?.dataset.current === 'true');
  // Opening the laboratory reads what it needs of each record, and shows the log as it is.
  const opened = Date.now();
  await page.getByTestId('tab-simulate').click();
  await page.getByTestId('sim-verdict').waitFor();
  await shown();
  const opened_ms = Date.now() - opened;
  await page.getByTestId('sim-group-document').locator('summary').click();
  await page.getByTestId('sim-document').fill(JSON.stringify(SCENARIO));
  const begun = Date.now();
  await page.getByTestId('sim-document').press('Control+Enter');
  await page.waitForFunction(() => document.querySelector('#sim-partitions-value')?.value === '12');
  await shown();
  const first_ms = Date.now() - begun;
  // One step of a slider, as a hand that drags makes it.
  const step = (down) => page.evaluate(async (down) => {
    const [input, view] = [document.querySelector('#sim-seed'), document.querySelector('[data-testid=simulate]')];
    const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
    const before = view.dataset.run;
    const started = performance.now();
    setValue.call(input, String(Number(input.value) + (down ? -1 : 1)));
    input.dispatchEvent(new Event('input', { bubbles: true }));
    const frame = () => new Promise((next) => requestAnimationFrame(next));
    while (view.dataset.run === before || view.dataset.current !== 'true') await frame();
    // The frame that shows it.
    await frame();
    return performance.now() - started;
  }, down);
  const times = [];
  for (let run = 0; run < runs; run += 1) times.push(await step(run % 2 === 1));
  await page.getByTestId('speedup-measure').click();
  await page.waitForFunction(() => ['ready', 'failed'].includes(document.querySelector('[data-testid=speedup]').dataset.state));
  const rebuilt = await page.getByTestId('speedup-row').evaluateAll((rows) => rows.map((row) => ({
    shards: Number(row.dataset.shards), same: row.dataset.same === 'true', ms: Number(row.dataset.ms), handed_out_ms: Number(row.dataset.handOutMs),
  })));
  await page.close();
  return { records, opened_ms, first_ms, effect_ms: median(times), slowest_ms: Math.max(...times), rebuilt };
}

const folder = mkdtempSync(join(tmpdir(), 'replay-laboratory-'));
const site = await serve(options.site);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: ARGS });
try {
  const results = [];
  for (const records of [10_000, Number(options.records)]) {
    const file = join(folder, `${records}.ndjson`);
    makeLog(file, records, records / 20);
    const result = await measure(browser, site.url, file, records, Number(options.runs));
    results.push(result);
    console.error(`${records} records: opened after ${result.opened_ms} ms, the first scenario after ${result.first_ms} ms`);
    console.error(`${records} records: a control's effect after ${result.effect_ms.toFixed(0)} ms, at most ${result.slowest_ms.toFixed(0)} ms`);
    for (const run of result.rebuilt) console.error(`  rebuilt by ${run.shards} shards in ${run.ms.toFixed(1)} ms, ${(result.rebuilt[0].ms / run.ms).toFixed(2)} times as fast${run.same ? '' : ', AND NOT THE SAME'}`);
  }
  console.log(JSON.stringify(results));
} finally {
  await browser.close();
  await site.close();
  rmSync(folder, { recursive: true, force: true });
}
