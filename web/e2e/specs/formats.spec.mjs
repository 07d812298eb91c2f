// Every fixture, packed ones and folders of them, loads in the browser with the counts that the command line gives.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { App, openBrowser } from '../pages/app.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const fixtures = join(root, 'crates/replay-formats/tests/fixtures');
const expected = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')).files;

let browser;
let program;
before(async () => {
  browser = await openBrowser();
  // Quick if it was built already.
  const built = execFileSync('cargo', ['build', '--quiet', '--package', 'replay-cli', '--message-format', 'json'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
  program = built.split('\n').filter((line) => line.includes('"executable":"')).map((line) => JSON.parse(line).executable).find((path) => basename(path).startsWith('replayground'));
});
after(async () => { await browser.close(); });

/** What the command line says of files. */
function inspected(paths) {
  const { status, stdout, stderr } = spawnSync(program, ['inspect', ...paths], { encoding: 'utf8' });
  assert.ok(status === 0 || status === 1, `${paths}: ${stderr}`);
  const { format, records, keys, tombstones, changes, error_count: errors } = JSON.parse(stdout);
  return { format, records, keys, tombstones, changes, errors };
}

/** What the page says of the log that it shows. */
async function shown(app) {
  const told = await app.get('source-summary').evaluate((element) => ({ ...element.dataset }));
  const number = (name) => Number(told[name]);
  return { format: told.format, records: number('records'), keys: number('entities'), tombstones: number('tombstones'), changes: number('changes'), errors: number('errors') };
}

/** Does something that loads, and waits until the page shows another log. */
async function loading(app, act) {
  const generation = async () => (await app.get('source-summary').count()) > 0 && app.get('source-summary').getAttribute('data-generation');
  await app.expect('a first log', generation, (value) => Boolean(value));
  const before = await generation();
  await act();
  await app.expect('another log', generation, (value) => Boolean(value) && value !== before);
  return shown(app);
}

function filesOf(folder) {
  return readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesOf(path) : [path];
  });
}

test('each fixture gives the counts of the command line and those that are expected', async () => {
  const app = await App.open(browser);
  const wrong = [];
  for (const [name, counts] of Object.entries(expected)) {
    // What only folders tell is tried below.
    if (name.includes('/') || counts.records === 0) continue;
    const path = join(fixtures, 'formats', name);
    const page = await loading(app, () => app.openFiles([path]));
    const line = inspected([path]);
    if (JSON.stringify(page) !== JSON.stringify(line)) wrong.push(`${name}: the page says ${JSON.stringify(page)}, the command line ${JSON.stringify(line)}`);
    for (const count of ['records', 'keys', 'tombstones', 'changes']) {
      if (counts[count] !== undefined && counts[count] !== page[count]) wrong.push(`${name}: ${page[count]} ${count}, not ${counts[count]}`);
    }
  }
  assert.deepEqual(wrong, []);
  await app.close();
});

test('an error that was saved as a log is refused with its message', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  await app.openFiles([join(fixtures, 'formats/rest-error.json')]);
  await app.expectText('notice', /Consumer instance not found/);
  await app.close();
});

test('packed files and archives give what the command line gives, and a codec that the page lacks is named', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  const wrong = [];
  for (const path of filesOf(join(fixtures, 'packed'))) {
    const codec = /\.bz2$|\.xz$|-bzip2|-xz/.exec(basename(path))?.[0];
    if (codec) {
      await app.openFiles([path]);
      await app.expectText('notice', /(bzip2|xz)( compression)? files are not read in the browser/);
      continue;
    }
    const [page, line] = [await loading(app, () => app.openFiles([path])), inspected([path])];
    if (JSON.stringify(page) !== JSON.stringify(line)) wrong.push(`${basename(path)}: the page says ${JSON.stringify(page)}, the command line ${JSON.stringify(line)}`);
  }
  for (const name of ['plain-values-utf16.ndjson', 'kcat-json-with-noise.txt', 'redpanda-console.csv', 'avro-ocf-deflate.avro']) {
    const buffer = gzipSync(readFileSync(join(fixtures, 'formats', name)));
    const page = await loading(app, () => app.openFiles([{ name: `${name}.gz`, mimeType: 'application/gzip', buffer }]));
    const line = inspected([join(fixtures, 'formats', name)]);
    if (JSON.stringify(page) !== JSON.stringify(line)) wrong.push(`${name}.gz: the page says ${JSON.stringify(page)}, the command line ${JSON.stringify(line)}`);
  }
  assert.deepEqual(wrong, []);
  await app.close();
});

test('a folder is one log: its names tell topic, partition and offset, and schemas lie beside their values', async () => {
  const app = await App.open(browser);
  await app.get('record-row').first().waitFor();
  for (const folder of ['log-segment', 's3-sink', 's3-sink-keys']) {
    const path = join(fixtures, 'formats', folder);
    const page = await loading(app, () => app.get('open-folder').setInputFiles(path));
    assert.deepEqual(page, inspected(filesOf(path)), folder);
    assert.deepEqual(await loading(app, () => app.dropPath(path)), page, `${folder}, dropped`);
  }
  const file = join(fixtures, 'formats/kcat-json.ndjson');
  assert.deepEqual(await loading(app, () => app.dropPath(file)), inspected([file]), 'a file is dropped as before');
  const together = ['confluent-wire-avro-rest-binary.json', 'schema-registry-ids-1.json'].map((name) => join(fixtures, 'formats', name));
  const page = await loading(app, () => app.openFiles(together));
  assert.deepEqual(page, inspected(together));
  await app.selectEntity('spray-0001');
  await app.press('End');
  await app.expect('the state', async () => (await app.state())?.newStatus ?? (await app.state())?.status, 'IN_USE');
  await app.close();
});
