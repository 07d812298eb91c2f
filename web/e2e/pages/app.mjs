// The page as a person uses it. Specs say what is done; how to find things stands here, by `data-testid`.
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** A browser for one spec file. `before(async () => browser = await openBrowser())`, `after(() => browser.close())`. */
export function openBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: FLAGS });
}

/** One visit. `close` fails if the page misbehaved: an error in the console, a broken policy, a request to another host. */
export class App {
  #context;
  #origin;
  /** What went wrong meanwhile, in the order in which it was seen. */
  problems = [];

  /**
   * Opens the page in a fresh profile. `options` are Playwright's for a context
   * (`locale`, `colorScheme`, `viewport`, `reducedMotion` …); `hash` is put behind the address; `servers` are origins that the page is told
   * to ask, and `failures` says that they may refuse. With `clock` the test can stop the page's clock (`stopClock`).
   */
  static async open(browser, { hash = '', url = process.env.REPLAYGROUND_URL, servers = [], failures = false, clock = false, ...options } = {}) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US', ...options });
    const app = new App();
    app.#context = context;
    app.#origin = new URL(url).origin;
    // Policy violations in workers come to the console as errors; those of the document are heard here too.
    await context.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
    });
    context.on('console', (message) => { if (message.type() === 'error' && !failures) app.problems.push(`console: ${message.text()}`); });
    context.on('weberror', (error) => app.problems.push(`error: ${error.error()?.message ?? error}`));
    context.on('request', (request) => {
      const address = new URL(request.url());
      const isLocal = address.origin === app.#origin || failures || servers.includes(address.origin) || address.protocol === 'blob:' || address.protocol === 'data:';
      if (!isLocal) app.problems.push(`request to another host: ${request.url()}`);
    });
    context.on('response', (response) => {
      if (response.status() >= 400 && !failures) app.problems.push(`${response.status()}: ${response.url()}`);
    });
    app.page = await context.newPage();
    app.page.setDefaultTimeout(15_000);
    // Before anything in the page starts a timer of the real clock.
    if (clock) await app.page.clock.install();
    await app.page.goto(url + hash);
    return app;
  }

  /** Ends the visit, and fails if anything went wrong in it. */
  async close() {
    await this.#context.close();
    assert.deepEqual(this.problems, [], 'the page must be quiet');
  }

  get context() { return this.#context; }

  /** An element by its test name. `attributes` narrow it: `app.get('entity-row', { 'data-key': 'a' })`. */
  get(name, attributes = {}) {
    const more = Object.entries(attributes).map(([key, value]) => `[${key}=${JSON.stringify(String(value))}]`).join('');
    return this.page.locator(`[data-testid=${JSON.stringify(name)}]${more}`);
  }

  /** Waits until an element's text, with its white space put in order, is `expected` (a string) or matches it (a pattern). */
  async expectText(name, expected, attributes = {}) {
    await this.expect(`the text of ${name}`, () => this.text(name, attributes), expected);
  }

  /** Waits until `read()` gives `expected`: an equal value, a text that matches a pattern, or a value of which a function says yes. */
  async expect(what, read, expected, timeout = 15_000) {
    const fits = (value) => {
      if (expected instanceof RegExp) return expected.test(String(value));
      if (typeof expected === 'function') return expected(value);
      try { assert.deepEqual(value, expected); return true; } catch { return false; }
    };
    const end = Date.now() + timeout;
    let value;
    do {
      value = await read();
      if (fits(value)) return value;
      await new Promise((resolve) => setTimeout(resolve, 25));
    } while (Date.now() < end);
    if (expected instanceof RegExp) assert.match(String(value), expected, what);
    else if (typeof expected === 'function') assert.fail(`${what} is ${JSON.stringify(value)}`);
    else assert.deepEqual(value, expected, what);
    return value;
  }

  async text(name, attributes = {}) {
    const element = this.get(name, attributes).first();
    return ((await element.textContent()) ?? '').replace(/\s+/g, ' ').trim();
  }

  async click(name, attributes = {}) { await this.get(name, attributes).first().click(); }
  async press(keys) { await this.page.keyboard.press(keys); }

  /** The number in `position`, without the group separators of the language. */
  async position() { return number(await this.text('position')); }
  async total() { return number(await this.text('position-total')); }
  async expectPosition(expected) { await this.expect('the position', () => this.position(), expected); }
  async expectTotal(expected, timeout) { await this.expect('the number of records', () => this.total(), expected, timeout); }

  /** The selected entity's state as a value; `undefined` where it has none. */
  async state() {
    const text = await this.text('state');
    try { return JSON.parse(text); } catch { return undefined; }
  }
  async expectState(expected) { await this.expect('the state', () => this.state(), expected); }

  /** Opens files as the file dialog would: paths, or `{ name, mimeType, buffer }`. */
  async openFiles(files) { await this.get('open-file').setInputFiles(files); }

  /** Types a log into the paste box and loads it. */
  async paste(text) {
    await this.get('paste-input').fill(text);
    await this.click('paste-load');
  }

  /** Drops files anywhere on the page: `[{ name, text }]`. */
  async drop(files) {
    const transfer = await this.page.evaluateHandle((files) => {
      const transfer = new DataTransfer();
      for (const { name, text } of files) transfer.items.add(new File([text], name));
      return transfer;
    }, files);
    for (const type of ['dragenter', 'dragover', 'drop']) await this.page.dispatchEvent('body', type, { dataTransfer: transfer });
  }

  /** Drops a file or folder of the disk on the page, as the browser itself would report it. */
  async dropPath(path) {
    const session = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files: [path], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop']) await session.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
    await session.detach();
  }

  async loadSample(name) { await this.click(`sample-${name}`); }
  async selectEntity(key) { await this.click('entity-row', { 'data-key': key }); }

  /** Moves the seek bar as an assistive technology would: by setting its value. */
  async seek(position) {
    await this.get('seek').evaluate((input, value) => {
      input.value = String(value);
      input.dispatchEvent(new Event('input', { bubbles: true }));
      input.dispatchEvent(new Event('change', { bubbles: true }));
    }, position);
    await this.expectPosition(position);
  }

  /** From now on time passes in the page only as the test says: how busy the machine is does not matter. */
  async stopClock() {
    await this.page.clock.pauseAt(await this.page.evaluate(() => Date.now()) + 1000);
  }

  /** So many milliseconds pass, frame by frame. Gives the position that they led to. */
  async pass(ms) {
    await this.page.clock.runFor(ms);
    return this.position();
  }

  /** What axe-core finds that is serious or critical, one line each. */
  async accessibilityProblems() {
    // Through the debugger, which the page's policy does not concern.
    await this.page.evaluate(readFileSync(AXE, 'utf8'));
    const { violations } = await this.page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.target.join(' ')).slice(0, 5).join(', ')}`);
  }
}

/** Digits only: `1 204`, `1,204` and `1,204 / 5` begin with the same number. */
function number(text) {
  const [first = ''] = text.split('/');
  const digits = first.replace(/[^\d]/g, '');
  return digits === '' ? undefined : Number(digits);
}
