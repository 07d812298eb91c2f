// The command palette goes everywhere: positions, offsets, times, keys and commands.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { App, openBrowser } from '../pages/app.mjs';

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

/** Opens the palette, types and presses Enter. */
async function command(app, text) {
  await app.press('Control+k');
  await app.get('palette-input').fill(text);
  // What is found for the text comes from the engine.
  await app.expect('an answer', () => app.get('palette-item').count(), (count) => count >= 0);
  await new Promise((resolve) => setTimeout(resolve, 250));
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

test('what is nowhere is said, and goes away by itself or by hand', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await command(app, 'no such thing');
  await app.expectText('notice', /no such thing/);
  await app.get('notice').getByRole('button').click();
  await app.expect('the notice', () => app.get('notice').count(), 0);
  await app.close();
});
