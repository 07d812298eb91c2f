// Every view for everybody: axe-core, both themes, both languages, narrow screens, and without motion.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { App, openBrowser } from '../pages/app.mjs';

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

const VIEWS = ['replay', 'simulate', 'query', 'compare', 'learn'];

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
    for (const view of VIEWS) {
      await app.click(`tab-${view}`);
      await app.get(view).waitFor();
      if (view === 'query') await app.click('suggest-key');
      if (view === 'compare') await app.click('compare-by-projection');
      // What the engine answers is drawn by now.
      await new Promise((resolve) => setTimeout(resolve, 400));
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
  assert.deepEqual(await app.accessibilityProblems(), [], 'palette');
  await app.press('Escape');
  await app.press('?');
  await app.get('help-dialog').waitFor();
  assert.deepEqual(await app.accessibilityProblems(), [], 'help');
  await app.press('Escape');
  await app.paste('{"topic":"t","partition":0,"offset":0,"tstype":"create","ts":1,"broker":1,"key":"a","payload":"{}"}\nbroken\n');
  await app.expectTotal(1);
  await app.click('errors-show');
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
