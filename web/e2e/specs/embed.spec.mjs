// The page inside a frame of another page, and in windows that are low.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createServer } from 'node:http';
import { App, openBrowser } from '../pages/app.mjs';

let browser;
let host;
before(async () => {
  browser = await openBrowser();
  // A documentation page on another origin: `?sandbox=…` is what its frame allows.
  host = createServer((request, response) => {
    const sandbox = new URL(request.url, 'http://localhost').searchParams.get('sandbox');
    const attribute = sandbox === null ? '' : ` sandbox="${sandbox}"`;
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><title>docs</title><iframe title="log"${attribute} width="800" height="480" src="${process.env.REPLAYGROUND_URL}#sample=spray-heads&at=40"></iframe>`);
  });
  await new Promise((resolve) => host.listen(0, '127.0.0.1', resolve));
});
after(async () => {
  await browser.close();
  await new Promise((resolve) => { host.close(resolve); host.closeAllConnections(); });
});

async function framed(sandbox) {
  const page = await browser.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(`http://127.0.0.1:${host.address().port}/${sandbox === undefined ? '' : `?sandbox=${encodeURIComponent(sandbox)}`}`);
  return { page, frame: page.frameLocator('iframe') };
}

for (const [what, sandbox] of [['a frame', undefined], ['a sandboxed frame', 'allow-scripts allow-same-origin']]) {
  test(`the page replays in ${what}`, async () => {
    const { page, frame } = await framed(sandbox);
    await frame.getByTestId('record-row').first().waitFor();
    await frame.getByTestId('step').click();
    await frame.locator('[data-testid=position]', { hasText: '41' }).waitFor();
    await page.close();
  });
}

test('a frame without the rights that the page needs says which', async () => {
  const { page, frame } = await framed('allow-scripts');
  const told = frame.locator('.not-started');
  await told.waitFor({ state: 'visible' });
  assert.match(await told.innerText(), /allow-scripts allow-same-origin/);
  await page.close();
});

for (const [width, height] of [[700, 640], [600, 600], [800, 500], [1024, 640]]) {
  test(`in a frame of ${width} by ${height} the log has the room, nothing is cut, and the choices are a click away`, async () => {
    const page = await browser.newPage({ viewport: { width, height } });
    page.setDefaultTimeout(20_000);
    await page.setContent(`<!doctype html><style>body{margin:0}iframe{border:0}</style><iframe title="log" width="${width}" height="${height}" src="${process.env.REPLAYGROUND_URL}#sample=spray-heads&at=40"></iframe>`);
    const frame = page.frameLocator('iframe');
    await frame.getByTestId('record-row').first().waitFor();
    const top = (await frame.getByTestId('replay').boundingBox()).y;
    const bottom = height - (await frame.locator('.transport').boundingBox()).y;
    assert.ok(top + bottom < height * 0.3, `the controls take ${top + bottom} of ${height}`);
    const show = frame.getByTestId('choices-show');
    if (await show.isVisible()) await show.click();
    for (const name of ['format', 'projection', 'key-by', 'schedule', 'mapping-open', 'lane', 'entity-filter', 'record-list', 'state', 'share', 'play', 'seek']) {
      const box = await frame.getByTestId(name).first().boundingBox();
      assert.ok(box && box.x >= 0 && box.x + box.width <= width && box.y >= 0 && box.y < height, `${name}: ${JSON.stringify(box)}`);
    }
    const scrolls = await frame.locator('html').evaluate((root) => [root.scrollWidth > innerWidth, root.scrollHeight > innerHeight]);
    assert.deepEqual(scrolls, [false, false]);
    await frame.getByTestId('projection').selectOption('latest');
    await frame.getByTestId('mapping-open').click();
    await frame.getByTestId('mapping-dialog').waitFor();
    await page.close();
  });
}

test('in a low window the state and the partitions have the room, and nothing scrolls sideways', async () => {
  const app = await App.open(browser, { hash: '#sample=spray-heads&at=40', viewport: { width: 800, height: 480 } });
  await app.get('record-row').first().waitFor();
  const box = await app.get('state').boundingBox();
  assert.ok(box.y < 240, `the state begins at ${box.y}`);
  assert.ok(await app.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.ok(!await app.get('paste-input').isVisible());
  await app.page.setViewportSize({ width: 800, height: 700 });
  await app.get('paste-input').waitFor();
  await app.close();
});

test('what is pasted into the empty box is loaded at once', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  const paste = (text) => app.get('paste-input').evaluate((box, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    return box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
  assert.equal(await paste('{"id":"a","status":"NEW"}\n{"id":"a","status":"USED"}\n'), false);
  await app.expectText('source-summary', /^2 records/);
  // Whoever is writing in the box pastes into it.
  await app.get('paste-input').fill('{"id":"b"}');
  assert.equal(await paste('{"id":"c"}'), true);
  await app.expectText('source-summary', /^2 records/);
  await app.close();
});
