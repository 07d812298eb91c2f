// The command palette goes everywhere: positions, offsets, times, keys and commands.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { App, openBrowser } from '../pages/app.mjs';

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

/** Opens the palette, types and presses Enter, as fast as it goes: what comes of the engine is waited for by the palette. */
async function command(app, text) {
  await app.press('Control+k');
  await app.get('palette-input').fill(text);
  await app.press('Enter');
}

test('the palette goes to positions, offsets, times and keys', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await command(app, '42');
  await app.expectPosition(42);
  await command(app, 'P1@30');
  await app.expectPosition(91);
  await command(app, '2025-03-03 02:00');
  await app.expectPosition(27);
  await command(app, 'spray-0012');
  await app.expectText('state-key', 'spray-0012');
  await app.close();
});

test('the palette shows what it would do while one types', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await app.press('Control+k');
  await app.get('palette-input').fill('spray-001');
  await app.expect('the entities that fit', () => app.get('palette-item').count(), 8);
  await app.get('palette-input').fill('P2@5');
  await app.expectText('palette-item', /P2@5/);
  await app.get('palette-input').fill('compare');
  await app.press('Enter');
  await app.get('compare').waitFor();
  await app.close();
});

test('Enter means what is typed, not what was found before', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  for (const key of ['spray-0003', 'spray-0017', 'spray-0011']) {
    await app.press('Control+k');
    await app.get('palette-input').fill('spray-0005');
    await app.expect('the entity that fits', () => app.get('palette-item').count(), 1);
    await app.get('palette-input').fill(key);
    await app.press('Enter');
    await app.expectText('state-key', key);
  }
  await app.close();
});

test('Enter means what is typed, though it comes before that is drawn', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  for (const key of ['spray-0003', 'spray-0011']) {
    await app.press('Control+k');
    await app.get('palette-input').evaluate((input, typed) => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, typed);
      input.dispatchEvent(new InputEvent('input', { bubbles: true }));
      input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    }, key);
    await app.expectText('state-key', key);
  }
  await app.close();
});

test('what is nowhere is said, and goes away by itself or by hand', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await command(app, 'no such thing');
  await app.expectText('notice', /no such thing/);
  await app.get('notice').getByRole('button').click();
  await app.expect('the notice', () => app.get('notice').count(), 0);
  await app.close();
});

test('a message can be closed in a dialogue that is open, that opens later and that closes meanwhile', async () => {
  const app = await App.open(browser, { locale: 'en-US' });
  await app.get('record-row').first().waitFor();
  const close = () => app.get('notice').getByRole('button', { name: 'Close' }).click();
  const isGone = () => app.expect('the notice', () => app.get('notice').count(), 0);
  // A failed load is told until it was read.
  const fails = () => app.openFiles([{ name: 'empty.json', mimeType: 'application/json', buffer: Buffer.from('[]') }]);
  await app.click('help');
  await fails();
  await app.expectText('notice', /Nothing could be read/);
  await close();
  await isGone();
  assert.ok(await app.get('help-dialog').isVisible());
  await app.press('Escape');
  await app.expect('the dialogue', () => app.get('help-dialog').isVisible(), false);
  await fails();
  await app.expectText('notice', /Nothing could be read/);
  await app.click('help');
  await app.get('help-dialog').waitFor();
  await app.press('Escape');
  await app.expect('the dialogue', () => app.get('help-dialog').isVisible(), false);
  await app.click('save-log');
  await app.get('save-dialog').waitFor();
  await close();
  await isGone();
  assert.ok(await app.get('save-dialog').isVisible());
  await app.press('Escape');
  await fails();
  await app.click('help');
  await app.press('Escape');
  await app.expect('the dialogue', () => app.get('help-dialog').isVisible(), false);
  await close();
  await isGone();
  await app.close();
});
