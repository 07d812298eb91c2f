// Every view for everybody: axe-core, both themes, both languages, narrow screens, and without motion.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { App, openBrowser } from '../pages/app.mjs';

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

/** Each view, and what is on the screen once the engine has answered. */
const VIEWS = {
  replay: (app) => app.get('state').waitFor(),
  simulate: (app) => app.expect('an outcome', () => app.get('simulate').getAttribute('data-current'), 'true'),
  query: async (app) => {
    await app.click('suggest-key');
    await app.expect('all that was found', () => app.get('search-results').getAttribute('data-running'), 'false');
  },
  compare: async (app) => {
    await app.click('compare-by-projection');
    await app.expect('the outcome', () => app.get('compare-outcome').getAttribute('data-different').catch(() => null), /^[1-9]/);
  },
  learn: (app) => app.get('lesson-immutable').waitFor(),
};

for (const [name, options] of [
  ['light, English', {}],
  ['dark, English', { colorScheme: 'dark' }],
  ['light, Chinese', { locale: 'zh-CN' }],
  ['dark, Chinese', { colorScheme: 'dark', locale: 'zh-CN' }],
  ['1024 px', { viewport: { width: 1024, height: 768 } }],
  ['phone', { viewport: { width: 390, height: 844 }, hasTouch: true }],
]) {
  test(`axe-core finds nothing serious in any view: ${name}`, async () => {
    const app = await App.open(browser, { ...options, reducedMotion: 'reduce' });
    await app.get('record-row').first().waitFor();
    for (const [view, isDrawn] of Object.entries(VIEWS)) {
      await app.click(`tab-${view}`);
      await app.get(view).waitFor();
      await isDrawn(app);
      assert.deepEqual(await app.accessibilityProblems(), [], view);
      assert.ok(await app.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth + 1), `${view} scrolls sideways`);
    }
    await app.close();
  });
}

test('dialogues and lists of problems are accessible too', async () => {
  const app = await App.open(browser, { reducedMotion: 'reduce' });
  await app.get('record-row').first().waitFor();
  await app.press('Control+k');
  await app.get('palette-input').fill('spray');
  await app.expect('what fits', () => app.get('palette-item').count(), (count) => count > 3);
  assert.deepEqual(await app.accessibilityProblems(), [], 'palette');
  await app.press('Escape');
  // A dialogue says that it was closed a moment afterwards; until then the keys of the page are not heard.
  await app.expect('the palette', () => app.get('palette-input').count(), 0);
  await app.press('?');
  await app.get('help-dialog').waitFor();
  assert.deepEqual(await app.accessibilityProblems(), [], 'help');
  await app.press('Escape');
  await app.paste('{"topic":"t","partition":0,"offset":0,"tstype":"create","ts":1,"broker":1,"key":"a","payload":"{}"}\nbroken\n');
  await app.expectTotal(1);
  await app.click('errors-show');
  await app.get('error-list').waitFor();
  assert.deepEqual(await app.accessibilityProblems(), [], 'problems');
  await app.close();
});

test('with reduced motion nothing moves for longer than a moment', async () => {
  const app = await App.open(browser, { reducedMotion: 'reduce' });
  await app.get('record-row').first().waitFor();
  await app.click('step');
  const longest = await app.page.evaluate(() => Math.max(0, ...document.getAnimations().map((animation) => Number(animation.effect?.getComputedTiming().duration ?? 0))));
  assert.ok(longest <= 10, `an animation takes ${longest} ms`);
  await app.close();
});

test('every control can be reached by the keyboard, in an order that makes sense', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  const seen = [];
  for (let n = 0; n < 80; n += 1) {
    await app.press('Tab');
    seen.push(await app.page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? document.activeElement?.className ?? ''));
  }
  for (const name of ['open-file', 'share', 'paste-input', 'paste-load', 'format', 'projection', 'tab-replay', 'entity-filter', 'record-list', 'play', 'seek', 'go-to']) {
    assert.ok(seen.includes(name), `${name} is not among ${seen.join(' ')}`);
  }
  const order = ['open-file', 'paste-input', 'projection', 'tab-replay', 'record-list', 'seek'].map((name) => seen.indexOf(name));
  assert.deepEqual(order, [...order].sort((a, b) => a - b));
  await app.close();
});
