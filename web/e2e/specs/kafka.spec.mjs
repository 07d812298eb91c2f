// A real Kafka, the proxy in front of it, and the page: a topic is loaded, and followed while a producer writes.
// Skipped, with the reason, where Java or Maven is missing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { App, openBrowser } from '../pages/app.mjs';
import { Kafka } from '../pages/kafka.mjs';

let browser;
let kafka;
let missing;
let address;

before(async () => {
  browser = await openBrowser();
  kafka = await Kafka.start();
  missing = kafka.missing;
  if (!missing) address = await kafka.proxy();
}, { timeout: 900_000 });

after(async () => {
  kafka?.stop();
  await browser.close();
});

const order = (line) => kafka.order(line);

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
  // The producer writes until records have been seen to wait.
  let written = 100;
  let isEnough = false;
  const writing = (async () => {
    while (!isEnough) {
      await order(`produce followed ${written} 500 1000`);
      written += 500;
    }
  })();
  try {
    await app.expect('records that arrive', () => app.total(), (total) => total > 300);
    await app.click('live-pause');
    await app.expect('records that wait', async () => Number(await app.get('live-waiting').getAttribute('data-waiting', { timeout: 200 }).catch(() => 0)), (n) => n > 100);
  } finally {
    isEnough = true;
    await writing;
  }
  await app.click('live-pause');
  await app.expectTotal(written, 30_000);
  await app.expectPosition(written);
  await app.click('live-stop');
  await app.expect('the bar', () => app.get('live').count(), 0);
  await app.expectTotal(written);
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
  await app.expectTotal(25_100, 60_000);
  const long = await app.page.evaluate(() => globalThis.long);
  t.diagnostic(`long tasks of the main thread: ${long.length}, the longest ${Math.round(Math.max(0, ...long))} ms`);
  assert.equal(await app.position(), 1, 'the cursor stays where a person has put it');
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
