// A real Kafka, the proxy in front of it, and the page: a topic is loaded, and followed while a producer writes.
// Skipped, with the reason, where Java or Maven is missing.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { App, openBrowser } from '../pages/app.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const program = (path) => `${root}/${process.env.CARGO_TARGET_DIR ?? 'target'}/debug/${path}`;

let browser;
let missing;
let broker;
let proxy;
let address;

/** Starts a program and waits for a line of its output; the rest of it is thrown away. */
async function started(command, args, wanted, stream) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  for (const other of ['stdout', 'stderr']) if (other !== stream) child[other].resume();
  const lines = [];
  const line = await new Promise((resolve) => {
    createInterface({ input: child[stream] }).on('line', (line) => { lines.push(line); if (wanted.test(line)) resolve(line); });
    child.on('exit', () => resolve(undefined));
  });
  return { child, line, lines };
}

before(async () => {
  browser = await openBrowser();
  const build = spawnSync('cargo', ['build', '--quiet', '-p', 'kafka-rest', '--bin', 'replayground-proxy', '-p', 'kafka-harness', '--features', 'kafka-harness/client', '--example', 'playground'], { cwd: root, stdio: 'inherit' });
  assert.equal(build.status, 0, 'the proxy and the test broker build');
  broker = await started(program('examples/playground'), [], /^(ready|skipped)/, 'stdout');
  if (!broker.line?.startsWith('ready')) {
    assert.ok(process.env.REPLAYGROUND_REQUIRE_KAFKA === undefined, `no broker: ${broker.lines.join(' ')}`);
    missing = broker.lines.join(' ') || 'no broker can be started here';
    return;
  }
  const origin = new URL(process.env.REPLAYGROUND_URL).origin;
  const args = ['--brokers', broker.line.split(' ')[1], '--listen', '127.0.0.1:0', '--cors-origin', origin];
  proxy = await started(program('replayground-proxy'), args, /"listening"/, 'stderr');
  address = `http://${JSON.parse(proxy.line).address}`;
}, { timeout: 900_000 });

after(async () => {
  proxy?.child.kill();
  broker?.child.kill();
  await browser.close();
});

/** Tells the producer what to do, and waits until it is done: `produce TOPIC FROM COUNT RATE`. */
function order(line) {
  return new Promise((resolve) => {
    const lines = createInterface({ input: broker.child.stdout });
    lines.once('line', (answer) => { lines.close(); resolve(answer); });
    broker.child.stdin.write(`${line}\n`);
  });
}

async function connected(options = {}) {
  const app = await App.open(browser, { servers: [address], ...options });
  await app.get('position').waitFor();
  await app.click('kafka');
  await app.get('kafka-url').fill(address);
  await app.click('kafka-connect');
  await app.get('kafka-server').waitFor();
  return app;
}

test('a topic is loaded, and its records are those in Kafka', async (t) => {
  if (missing) return t.skip(missing);
  await order('produce loaded 0 5000 0');
  const app = await connected();
  assert.equal(await app.get('kafka-server').getAttribute('data-kind'), 'replayground');
  await app.get('kafka-topic').selectOption('loaded');
  await app.expect('how much there is', () => app.text('kafka-size'), /5.?000 records/);
  await app.click('kafka-load');
  await app.expectTotal(5000, 30_000);
  await app.get('entity-filter').fill('k77');
  await app.selectEntity('k77');
  await app.click('to-end');
  await app.expect('the last value of k77', async () => (await app.state())?.n, 4977);
  await app.close();
});

test('the last records of each partition, or those of one, are enough if that is wanted', async (t) => {
  if (missing) return t.skip(missing);
  await order('produce ranges 0 900 0');
  const app = await connected();
  await app.get('kafka-topic').selectOption('ranges');
  await app.click('kafka-from-last');
  await app.get('kafka-from-value').fill('10');
  await app.click('kafka-load');
  await app.expectTotal(30);
  await app.click('kafka');
  await app.get('kafka-partitions').fill('1');
  await app.click('kafka-load');
  await app.expectTotal(10);
  await app.close();
});

test('what a producer writes appears at the end, waits while paused, and nothing is lost', async (t) => {
  if (missing) return t.skip(missing);
  await order('produce followed 0 100 0');
  const app = await connected();
  await app.get('kafka-topic').selectOption('followed');
  await app.get('kafka-follow').check();
  await app.click('kafka-load');
  await app.expectTotal(100);
  await app.expect('following', () => app.get('live').getAttribute('data-state'), 'up');
  await app.expectPosition(100);
  const writing = order('produce followed 100 2000 1000');
  await app.expect('records that arrive', () => app.total(), (total) => total > 300);
  await app.click('live-pause');
  await app.expect('records that wait', async () => Number(await app.get('live-waiting').getAttribute('data-waiting').catch(() => 0)), (n) => n > 100);
  await writing;
  await app.click('live-pause');
  await app.expectTotal(2100, 30_000);
  await app.expectPosition(2100);
  await app.click('live-stop');
  await app.expect('the bar', () => app.get('live').count(), 0);
  await app.expectTotal(2100);
  await app.close();
});

test('a topic without records is followed from its first one on', async (t) => {
  if (missing) return t.skip(missing);
  await order('produce empty 0 0 0');
  const app = await connected();
  await app.get('kafka-topic').selectOption('empty');
  await app.click('kafka-load');
  await app.expect('what is said', () => app.get('kafka-failure').getAttribute('data-code'), 'kafka-nothing-there');
  await app.get('kafka-follow').check();
  await app.click('kafka-load');
  await app.get('live').waitFor();
  await order('produce empty 0 50 0');
  await app.expectTotal(50);
  await app.close();
});

test('the page answers while 5 000 records a second come, and none is lost', async (t) => {
  if (missing) return t.skip(missing);
  await order('produce fast 0 100 0');
  const app = await connected();
  await app.get('kafka-topic').selectOption('fast');
  await app.get('kafka-follow').check();
  await app.click('kafka-load');
  await app.expectTotal(100);
  await app.page.evaluate(() => {
    globalThis.long = [];
    new PerformanceObserver((list) => globalThis.long.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask' });
  });
  const produced = order('produce fast 100 25000 5000');
  // The page answers while they come: the cursor goes where a person puts it.
  await app.expect('some of them', () => app.total(), (total) => total > 100);
  await app.click('to-start');
  await app.expectPosition(0);
  await app.click('step');
  await app.expectPosition(1);
  await produced;
  await app.expectTotal(25_100, 30_000);
  const long = await app.page.evaluate(() => globalThis.long);
  t.diagnostic(`long tasks of the main thread: ${long.length}, the longest ${Math.round(Math.max(0, ...long))} ms`);
  assert.equal(await app.position(), 1, 'the cursor stays where a person has put it');
  await app.close();
});

test('a failure says what to do', async (t) => {
  if (missing) return t.skip(missing);
  const app = await App.open(browser, { servers: [address, 'http://127.0.0.1:9', new URL(process.env.REPLAYGROUND_URL).origin], failures: true });
  await app.get('position').waitFor();
  await app.click('kafka');
  const check = async (url, code) => {
    await app.get('kafka-url').fill(url);
    await app.click('kafka-connect');
    await app.expect(url, () => app.get('kafka-failure').getAttribute('data-code'), code);
  };
  await check('http://127.0.0.1:9', 'kafka-refused');
  await check('http://192.0.2.1:8082', 'kafka-policy');
  await check(new URL(process.env.REPLAYGROUND_URL).origin, 'kafka-unknown-server');
  await check('nonsense://x', 'kafka-bad-address');
  const foreign = await started(program('replayground-proxy'), ['--brokers', '127.0.0.1:1', '--listen', '127.0.0.1:0'], /"listening"/, 'stderr');
  await check(`http://${JSON.parse(foreign.line).address}`, 'kafka-cors');
  await app.expect('the settings of each kind', () => app.page.locator('.kafka-settings dt').count(), 5);
  foreign.child.kill();
  const origin = new URL(process.env.REPLAYGROUND_URL).origin;
  const lost = await started(program('replayground-proxy'), ['--brokers', '127.0.0.1:1', '--listen', '127.0.0.1:0', '--cors-origin', origin], /"listening"/, 'stderr');
  await check(`http://${JSON.parse(lost.line).address}`, 'kafka-broker-down');
  lost.child.kill();
  await app.close();
});

test('the panel is in order for screen readers', async (t) => {
  if (missing) return t.skip(missing);
  const app = await connected();
  await app.get('kafka-topic').selectOption('loaded');
  await app.get('kafka-load').waitFor();
  assert.deepEqual(await app.accessibilityProblems(), []);
  await app.close();
});
