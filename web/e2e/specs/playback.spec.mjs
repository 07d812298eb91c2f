// Playing: every speed, true gaps, and what stands where while it plays.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { App, openBrowser } from '../pages/app.mjs';

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

const line = (ts, offset) =>
  `${JSON.stringify({ topic: 't', partition: 0, offset, tstype: 'create', ts, broker: 1, key: 'a', payload: JSON.stringify({ n: offset }) })}\n`;
/** A log whose records come after these gaps, in milliseconds. */
function log(gaps) {
  let ts = 1740960000000;
  return gaps.map((gap, offset) => { ts += gap; return line(ts, offset); }).join('');
}

async function opened(text) {
  const app = await App.open(browser, { clock: true });
  await app.get('record-row').first().waitFor();
  await app.paste(text);
  await app.expectTotal(text.trim().split('\n').length);
  await app.click('to-start');
  await app.expectPosition(0);
  return app;
}

test('true gaps keep the time between events, however short or long', async () => {
  // Twenty events within a fifth of a second, then a wait of a second, then one that came too late, then an hour.
  const app = await opened(log([0, ...Array(20).fill(10), 1000, -5000, 3_600_000]));
  await app.get('speed').selectOption('gaps');
  await app.stopClock();
  await app.click('play');
  // The first event has none before it; it comes with the first frame after the engine has told the times.
  await app.expect('the first event', () => app.pass(17), (position) => position > 0);
  const began = await app.position();
  assert.ok(began <= 3, `a frame stands for two events at most, not for ${began}`);
  assert.ok(await app.pass(100) >= 10 && await app.position() <= 13, `100 ms after the first event it stands at ${await app.position()}`);
  assert.equal(await app.pass(120), 21, 'after 220 ms the twenty short gaps are over');
  assert.equal(await app.pass(700), 21, 'a second is not over yet');
  assert.equal(await app.pass(320), 23, 'after the second, the event that came too late follows at once');
  assert.equal(await app.pass(60_000), 23, 'an hour is waited for');
  await app.expectText('gap', /0:5[89]:/);
  await app.click('skip-gap');
  await app.pass(40);
  await app.expectPosition(24);
  await app.expect('the end', () => app.get('play').getAttribute('aria-label'), /Play/);
  await app.close();
});

test('speeds are events a second, and the fastest is over soon', async () => {
  const app = await opened(log(Array(400).fill(1000)));
  await app.stopClock();
  for (const [speed, ms, expected] of [['0.25', 3900, 0], ['0.25', 4100, 1], ['1', 3100, 3], ['10', 1250, 12], ['100', 1255, 125], ['1000', 500, 500], ['max', 7000, 400]]) {
    await app.click('to-start');
    await app.expectPosition(0);
    await app.get('speed').selectOption(speed);
    await app.click('play');
    const position = await app.pass(ms);
    // The first frame only starts the count, and the last may still be owed.
    const frames = Math.ceil(Number(speed) * 34 / 1000) || 0;
    const wanted = Math.min(expected, 400);
    assert.ok(position <= wanted && position >= Math.min(wanted - frames, 400), `${ms} ms at ${speed} lead to ${position}, not to ${wanted}`);
    if (/Pause/.test(await app.get('play').getAttribute('aria-label'))) await app.click('play');
  }
  await app.close();
});

test('true gaps are not offered for a log without times', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await app.paste('{"id":"a","n":1}\n{"id":"a","n":2}\n');
  await app.expectTotal(2);
  assert.equal(await app.get('speed').locator('option[value=gaps]').isDisabled(), true);
  await app.close();
});

test('the seek bar has a tick for each event of the selected entity', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await app.selectEntity('spray-0016');
  // The panel's count and the ticks arrive one after the other: both are read in each look.
  const inStep = async () => {
    const shown = await app.page.locator('.state-of').textContent();
    const ticks = await app.get('seek-ticks').getAttribute('data-ticks');
    return shown.match(/\d+/)[0] === ticks;
  };
  const named = () => app.get('state-key').textContent();
  await app.expect('the selected entity', named, /spray-0016/);
  await app.expect('as many ticks as the entity has events', inStep, true);
  await app.close();
});

test('hovering a lane shows a record and leaves the cursor alone', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  const position = await app.position();
  const canvas = app.page.locator('.lanes-canvas').first();
  const box = await canvas.boundingBox();
  await app.page.mouse.move(box.x + box.width * 0.75, box.y + box.height / 2);
  await app.expect('the preview', () => app.page.locator('.lanes-preview').textContent().catch(() => ''), /#1[23]\d/);
  assert.equal(await app.position(), position);
  await app.close();
});
