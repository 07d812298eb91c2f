// What goes wrong between the page, the proxy and Kafka: each of it provoked with the real ones, and its words read in both languages.
// Skipped, with the reason, where Java or Maven is missing.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { App, openBrowser } from '../pages/app.mjs';
import { Kafka, origin } from '../pages/kafka.mjs';

const LANGUAGES = { 'en-US': 'en', 'zh-CN': 'zh-CN' };

let browser;
let kafka;
let missing;
let address;

before(async () => {
  browser = await openBrowser();
  kafka = await Kafka.start(['acl']);
  missing = kafka.missing;
  if (!missing) address = await kafka.proxy();
}, { timeout: 900_000 });

after(async () => {
  kafka?.stop();
  await browser.close();
});

/** The words of a message by its id, as a pattern in which a value may stand for each variable. */
function words(locale, id) {
  const text = readFileSync(new URL(`../../locales/${LANGUAGES[locale]}/page.ftl`, import.meta.url), 'utf8');
  const line = text.split('\n').find((line) => line.startsWith(`${id} = `));
  assert.ok(line, `${id} has words in ${locale}`);
  const parts = line.slice(id.length + 3).split(/\{ \$[a-z]+ \}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s*'));
  return new RegExp(parts.join('.+'));
}

async function opened(locale = 'en-US') {
  const app = await App.open(browser, { failures: true, locale });
  await app.get('position').waitFor();
  await app.click('kafka');
  return app;
}

/** Waits for a failure, and reads what is said about it. */
async function failed(app, code, locale, name = 'kafka-failure') {
  const told = () => app.get(name).first().getAttribute('data-code', { timeout: 200 }).catch(() => '');
  await app.expect(code, told, code, 60_000);
  assert.match(await app.text(name), words(locale, `failed-${code}`));
}

async function connect(app, url = address, token = '') {
  await app.get('kafka-url').fill(url);
  await app.get('kafka-token').fill(token);
  await app.click('kafka-connect');
}

async function choose(app, topic) {
  await app.get('kafka-server').waitFor();
  await app.get('kafka-topic').selectOption(topic);
}

for (const locale of Object.keys(LANGUAGES)) {
  test(`a server that cannot be read says what to do (${locale})`, async (t) => {
    if (missing) return t.skip(missing);
    const app = await opened(locale);
    const check = async (url, code, token) => {
      await connect(app, url, token);
      await failed(app, code, locale);
    };
    await check('http://127.0.0.1:9', 'kafka-refused');
    await check('http://192.0.2.1:8082', 'kafka-policy');
    await check(origin(), 'kafka-unknown-server');
    await check('nonsense://x', 'kafka-bad-address');
    await check(await kafka.proxy({ args: [] }), 'kafka-cors');
    const settings = await app.page.locator('.kafka-settings dd').allTextContents();
    assert.equal(settings.length, 5, 'a setting of each kind');
    assert.match(settings[0], new RegExp(`--cors-origin ${origin()}`));
    await check(await kafka.proxy({ brokers: '127.0.0.1:1' }), 'kafka-broker-down');
    const guarded = await kafka.proxy({ env: { REPLAYGROUND_PROXY_TOKEN: 's3cret' } });
    await check(guarded, 'kafka-unauthorized');
    await check(guarded, 'kafka-unauthorized', 'wrong');
    await connect(app, guarded, 's3cret');
    await app.get('kafka-server').waitFor();
    await check(await kafka.proxy({ args: ['--cors-origin', origin(), '--requests-per-minute', '1'] }), 'kafka-busy');
    await app.close();
  });

  test(`a topic that cannot be read says what to do (${locale})`, async (t) => {
    if (missing) return t.skip(missing);
    const [gone, moved] = [`gone-${locale}`, `moved-${locale}`];
    for (const topic of [gone, moved]) await kafka.order(`produce ${topic} 0 300 0`);
    const app = await opened(locale);
    await connect(app);
    await choose(app, gone);
    await app.get('kafka-load').waitFor();
    await kafka.order(`delete ${gone}`);
    await app.click('kafka-load');
    await failed(app, 'kafka-unknown-topic', locale);

    await choose(app, moved);
    await app.expect('the topic', () => app.text('kafka-size'), /300/);
    await kafka.order(`truncate ${moved} 0 50`);
    await app.click('kafka-from-offset');
    await app.get('kafka-from-value').fill('20');
    await app.click('kafka-load');
    await failed(app, 'kafka-truncated', locale);
    assert.match(await app.text('kafka-failure'), /offset 50/);
    await app.get('kafka-from-value').fill('5000');
    await app.click('kafka-load');
    await failed(app, 'kafka-beyond-end', locale);
    await app.get('kafka-from-value').fill('-3');
    await app.click('kafka-load');
    await failed(app, 'kafka-bad-field', locale);
    await app.click('kafka-from-beginning');
    await app.get('kafka-partitions').fill('7');
    await app.click('kafka-load');
    await failed(app, 'kafka-unknown-partition', locale);
    await app.close();
  });

  test(`a topic that may be seen and not read is told as such (${locale})`, async (t) => {
    if (missing) return t.skip(missing);
    const topic = `secret-${locale}`;
    await kafka.order(`produce ${topic} 0 30 0`);
    try {
      await kafka.order(`deny ${topic}`);
    } catch (error) {
      return t.skip(String(error));
    }
    const app = await opened(locale);
    await connect(app);
    await choose(app, topic);
    await failed(app, 'kafka-forbidden', locale);
    await app.close();
  });
}

test('retention that overtakes a read is told, with where to go on', async (t) => {
  if (missing) return t.skip(missing);
  for (const locale of Object.keys(LANGUAGES)) {
    const topic = `overtaken-${locale}`;
    await kafka.order(`produce ${topic} 0 300 0`);
    const app = await opened(locale);
    // Between the plan and its reading the log start offset moves.
    await app.context.route(/\/records\?partitions=/, async (route) => {
      await kafka.order(`truncate ${topic} 1 40`);
      await route.continue();
    });
    await connect(app);
    await choose(app, topic);
    await app.click('kafka-load');
    await app.expect('what is said', () => app.page.locator('body').innerText(), words(locale, 'failed-kafka-truncated'));
    await app.close();
  }
});

test('a broker that is stopped and started while the page follows loses and repeats none', async (t) => {
  if (missing) return t.skip(missing);
  await kafka.order('produce restarted 0 300 0');
  const app = await opened();
  await connect(app);
  await choose(app, 'restarted');
  await app.get('kafka-follow').check();
  await app.click('kafka-load');
  await app.expectTotal(300);
  const state = () => app.get('live').getAttribute('data-state');
  await app.expect('following', state, 'up');
  await kafka.order('produce restarted 300 300 0');
  await app.expectTotal(600);
  await kafka.order('stop');
  await app.expect('that the broker is away', state, 'down', 60_000);
  await failed(app, 'kafka-broker-down', 'en-US');
  await kafka.order('start');
  await kafka.order('produce restarted 600 300 0');
  await app.expectTotal(900, 60_000);
  await app.expect('following', state, 'up', 60_000);
  // Each record once: the last one of a key has the number that was written last.
  await app.get('entity-filter').fill('k77');
  await app.selectEntity('k77');
  await app.click('to-end');
  await app.expect('the last value of k77', async () => (await app.state())?.n, 877);
  await app.close();
});

test('new records wait while another tab is open, and the page says so', async (t) => {
  if (missing) return t.skip(missing);
  await kafka.order('produce elsewhere 0 100 0');
  const app = await opened();
  await connect(app);
  await choose(app, 'elsewhere');
  await app.get('kafka-follow').check();
  await app.click('kafka-load');
  await app.expectTotal(100);
  await app.expect('following', () => app.get('live').getAttribute('data-state'), 'up');
  await app.click('tab-query');
  await kafka.order('produce elsewhere 100 200 0');
  await app.expect('records that wait', () => app.get('live-waiting').getAttribute('data-waiting', { timeout: 200 }).catch(() => ''), '200');
  assert.match(await app.text('live'), words('en-US', 'live-elsewhere'));
  await app.click('tab-replay');
  await app.expectTotal(300);
  await app.close();
});

test('a mapping is tried on the first records of a topic', async (t) => {
  if (missing) return t.skip(missing);
  await kafka.order('produce mapped 0 300 0');
  const app = await opened();
  await connect(app);
  await choose(app, 'mapped');
  await app.click('kafka-load');
  await app.expectTotal(300);
  await app.click('mapping-open');
  await app.expect('the first records', () => app.get('mapping-preview-row').count(), (n) => n > 5);
  await app.close();
});
