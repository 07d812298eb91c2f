// From Kafka through the proxy into the loaded page, beside a plain consumer of librdkafka that looks at each record's length, and beside the page
// reading through Strimzi's Kafka Bridge where that is to be had (REPLAYGROUND_STRIMZI_BRIDGE names its folder): one topic, one run.
//
// usage: node kafka.mjs [--site DIST] [--programs target/release] [--records N] [--keys N] [--runs N]
// Prints a table on stderr and one JSON object on stdout. Figures are medians; the ratio is what to quote.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median, withPage } from './chromium.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values: options } = parseArgs({
  options: {
    site: { type: 'string', default: join(here, '../../dist') },
    programs: { type: 'string', default: join(here, '../../target/release') },
    records: { type: 'string', default: '1000000' },
    keys: { type: 'string', default: '50000' },
    runs: { type: 'string', default: '3' },
  },
});
const records = Number(options.records);
const runs = Number(options.runs);

/** Starts a program; `said(pattern)` waits for a line. */
function started(command, args, stream) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  child[stream === 'stdout' ? 'stderr' : 'stdout'].resume();
  const waiting = [];
  createInterface({ input: child[stream] }).on('line', (line) => {
    if (waiting[0]?.pattern.test(line)) waiting.shift().resolve(line);
  });
  child.on('exit', () => waiting.splice(0).forEach(({ resolve }) => resolve('')));
  return { child, said: (pattern) => new Promise((resolve) => waiting.push({ pattern, resolve })) };
}

/** The most memory that a process had, in MB. */
const peak = (pid) => Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);

const broker = started(join(options.programs, 'examples/playground'), [], 'stdout');
const ready = await broker.said(/^(ready|skipped)/);
if (!ready.startsWith('ready')) {
  console.error(ready || 'no broker can be started');
  process.exit(2);
}
const order = (line) => { const done = broker.said(/^(done|failed)/); broker.child.stdin.write(`${line}\n`); return done; };
const proxy = started(join(options.programs, 'replayground-proxy'), ['--brokers', ready.split(' ')[1], '--listen', '127.0.0.1:0', '--site', options.site], 'stderr');
const address = `http://${JSON.parse(await proxy.said(/"listening"/)).address}`;

/** Loads the topic in a new browser, from the server at `server`. */
async function intoThePage(server = address) {
  return withPage(`${address}/`, async (page, memoryNow) => {
    const get = (name) => page.locator(`[data-testid="${name}"]`);
    await get('position').waitFor();
    const shown = memoryNow();
    await get('kafka').click();
    await get('kafka-url').fill(server);
    await get('kafka-connect').click();
    await get('kafka-topic').selectOption('bench');
    await get('kafka-load').waitFor();
    const ms = await page.evaluate((total) => new Promise((done) => {
      const start = performance.now();
      document.querySelector('[data-testid="kafka-load"]').click();
      const look = () => {
        document.querySelector('[data-testid="kafka-load-anyway"]')?.click();
        const shown = document.querySelector('[data-testid="position-total"]')?.textContent.replace(/\D/g, '');
        if (shown === String(total) && !document.querySelector('[data-testid="progress"]')) done(performance.now() - start);
        else requestAnimationFrame(look);
      };
      look();
    }), records);
    return { ms, shown };
  });
}

try {
  await order(`produce bench 0 ${records} 0 ${options.keys}`);
  const bridge = await order('bridge');
  const [, bridgeAddress, bridgePid] = bridge.startsWith('done') ? bridge.split(' ') : [];
  if (!bridgeAddress) console.error(`Strimzi's Kafka Bridge is left out: ${bridge}`);
  const plain = [];
  const tuned = [];
  const page = [];
  const bridged = [];
  // In turns, so that what else the machine does hits both alike.
  for (let run = 0; run < runs; run += 1) {
    plain.push(records / Number((await order(`consume bench ${records}`)).split(' ')[1]));
    tuned.push(records / Number((await order(`consume-tuned bench ${records}`)).split(' ')[1]));
    page.push(await intoThePage());
    if (bridgeAddress) bridged.push(await intoThePage(bridgeAddress));
  }
  const consumer = Math.round(median(plain));
  const consumerTuned = Math.round(median(tuned));
  const loaded = Math.round(median(page.map(({ ms }) => records / (ms / 1000))));
  const megabytes = (list, name) => Math.round(median(list.map((run) => run[name])) / 1024 / 1024);
  const memory = megabytes(page, 'memory');
  const empty = megabytes(page, 'shown');
  const share = (rate) => Math.round((loaded / rate) * 100) / 100;
  const result = { records, keys: Number(options.keys), runs, consumer, consumerTuned, loaded, ratio: share(consumer), ratioTuned: share(consumerTuned), pageMb: memory, emptyPageMb: empty, proxyMb: peak(proxy.child.pid) };
  if (bridgeAddress) {
    const rate = Math.round(median(bridged.map(({ ms }) => records / (ms / 1000))));
    Object.assign(result, { bridge: rate, ratioBridge: Math.round((loaded / rate) * 10) / 10, bridgePageMb: megabytes(bridged, 'memory'), bridgeMb: peak(bridgePid) });
  }
  console.error(`librdkafka consumer, its defaults     ${consumer} records/s`);
  console.error(`the same with the proxy's settings    ${consumerTuned} records/s`);
  console.error(`Kafka → proxy → final states in page  ${loaded} records/s: ${result.ratio} and ${result.ratioTuned} of these`);
  console.error(`peak memory                           page ${memory} MB (empty ${empty} MB), proxy ${result.proxyMb} MB`);
  if (bridgeAddress) {
    console.error(`Kafka → Strimzi's Bridge → page       ${result.bridge} records/s: the proxy gives ${result.ratioBridge} times as many; page ${result.bridgePageMb} MB, Bridge ${result.bridgeMb} MB`);
  }
  console.log(JSON.stringify(result));
} finally {
  proxy.child.kill();
  broker.child.kill();
}
