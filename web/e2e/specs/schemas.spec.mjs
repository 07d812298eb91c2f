// Values that are Avro or Protobuf: the schemas come from a registry, are pasted, or lie in files.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { App, openBrowser } from '../pages/app.mjs';

const fixture = (name) => readFileSync(new URL(`../../../crates/replay-formats/tests/fixtures/formats/${name}`, import.meta.url));
const LOG = fixture('confluent-wire-avro-rest-binary.json');

let browser;
before(async () => { browser = await openBrowser(); });
after(async () => { await browser.close(); });

/** A registry that knows schema 1, and what it was asked. `token` is what it wants, `lets` whether pages may read it, `answers` what it says by path. */
async function registry({ lets = true, token, knows = [1], answers = {} } = {}) {
  const asked = [];
  const server = createServer((request, response) => {
    const headers = lets ? { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization' } : {};
    if (request.method === 'OPTIONS') return response.writeHead(204, headers).end();
    asked.push(request.url);
    const id = Number(/^\/schemas\/ids\/(\d+)$/.exec(request.url)?.[1]);
    const wanted = token?.includes(':') ? `Basic ${Buffer.from(token).toString('base64')}` : `Bearer ${token}`;
    const [status, body] = token && request.headers.authorization !== wanted
      ? [401, { error_code: 401, message: 'Unauthorized' }]
      : answers[request.url] ? [200, answers[request.url]]
      : knows.includes(id) ? [200, JSON.parse(fixture(`schema-registry-ids-${id}.json`))] : [404, { error_code: 40403, message: `Schema ${id} not found` }];
    response.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json', ...headers }).end(JSON.stringify(body));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return { url: `http://127.0.0.1:${server.address().port}`, asked, close: () => new Promise((closed) => server.close(closed)) };
}

/** Opens the log, as a visit with these options, and the panel in which schemas are given. */
async function withPanel(options = {}) {
  const app = await App.open(browser, options);
  await app.get('record-row').first().waitFor();
  await app.openFiles([{ name: 'log.json', mimeType: 'application/json', buffer: LOG }]);
  await app.expect('the log', () => app.get('source-summary').getAttribute('data-records'), (n) => Number(n) > 0 && Number(n) < 100);
  await app.click('mapping-open');
  await app.get('registry-address').waitFor();
  return app;
}

async function expectDecoded(app) {
  await app.expect('no panel', () => app.get('mapping').count(), 0);
  await app.selectEntity('spray-0001');
  await app.press('End');
  await app.expect('the state', async () => (await app.state())?.newStatus ?? (await app.state())?.status, 'IN_USE');
}

test('the schemas that a log needs are asked for by number, once a button is pressed, and stay with the log', async () => {
  const { url, asked, close } = await registry();
  const app = await withPanel({ servers: [url] });
  assert.deepEqual(asked, []);
  await app.get('registry-address').fill(url);
  await app.click('registry-ask');
  await expectDecoded(app);
  assert.deepEqual(asked, ['/schemas/ids/1']);
  // Another look at the same log needs nobody.
  await app.click('mapping-open');
  await app.expectText('mapping-evidence', /1 \(Avro/);
  await app.click('mapping-apply');
  await expectDecoded(app);
  await app.click('mapping-open');
  await app.get('mapping-preview-row').first().waitFor();
  assert.deepEqual(await app.accessibilityProblems(), []);
  assert.deepEqual(asked, ['/schemas/ids/1']);
  await close();
  await app.close();
});

test('what a registry does not give is told, each with what to do', async () => {
  const app = await withPanel({ failures: true });
  const ask = async (url, token = '') => {
    await app.get('registry-address').fill(url);
    await app.get('registry-token').fill(token);
    await app.click('registry-ask');
  };
  await ask('https://registry.example.org');
  await app.expectText('registry-told', /may not ask https:\/\/registry\.example\.org.*localhost.*--connect/);
  await ask('http://127.0.0.1:9');
  await app.expectText('registry-told', /Nothing answers at http:\/\/127\.0\.0\.1:9/);
  await ask('no address:');
  await app.expectText('registry-told', /An address looks like/);
  const closed = await registry({ lets: false });
  await ask(closed.url);
  await app.expectText('registry-told', /access\.control\.allow\.origin/);
  const empty = await registry({ knows: [] });
  await ask(empty.url);
  await app.expectText('registry-told', /Schema 1: .*404: Schema 1 not found/);
  const guarded = await registry({ token: 'secret' });
  await ask(guarded.url);
  await app.expectText('registry-told', /token/);
  await ask(guarded.url, 'secret');
  await expectDecoded(app);
  for (const each of [closed, empty, guarded]) await each.close();
  await app.close();
});

test('a name and password in the address of a registry are sent in a header, and the page says so', async () => {
  const { url, close } = await registry({ token: 'me:se/cret' });
  const app = await withPanel({ servers: [url], failures: true });
  await app.get('registry-address').fill(url.replace('//', '//me:wrong@'));
  await app.click('registry-ask');
  await app.expectText('registry-told', /token/);
  await app.expectText('registry-password-moved', /taken out/);
  assert.equal(await app.get('registry-address').inputValue(), url);
  await app.get('registry-token').fill('');
  await app.get('registry-address').fill(url.replace('//', '//me:se%2Fcret@'));
  await app.click('registry-ask');
  await expectDecoded(app);
  await close();
  await app.close();
});

test('a schema can be pasted, and what is none is refused while the log stays', async () => {
  const app = await withPanel();
  await app.click('schema-use');
  await app.expectText('schema-wrong', /paste \.proto text/);
  await app.get('schema-paste').fill('{"no":"schema"}');
  await app.click('schema-use');
  await app.expectText('notice', /This is no schema/);
  await app.click('mapping-open');
  await app.get('schema-paste').fill(JSON.parse(fixture('schema-registry-ids-1.json')).schema);
  await app.click('schema-use');
  await expectDecoded(app);
  await app.close();
});

/** A proxy with one topic of these lines, which it does not decode. */
async function proxy(lines) {
  const end = lines.length;
  const answers = [
    ['/proxy', { server: 'replayground-proxy', version: '0' }],
    ['/topics/raw/offsets', { partitions: [{ partition: 0, beginning_offset: 0, end_offset: end }] }],
    ['/topics/raw/partitions', [{ partition: 0, leader: 1, replicas: [] }]],
    ['/topics/raw/records', lines.map((line) => `${JSON.stringify(line)}\n`).join('')],
    ['/topics/raw', { name: 'raw', configs: {}, partitions: [{ partition: 0, leader: 1, replicas: [] }] }],
    ['/topics', ['raw']],
  ];
  const server = createServer((request, response) => {
    const headers = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*', 'access-control-expose-headers': '*' };
    if (request.method === 'OPTIONS') return response.writeHead(204, headers).end();
    const found = answers.find(([path]) => request.url.startsWith(path));
    const body = found ? (typeof found[1] === 'string' ? found[1] : JSON.stringify(found[1])) : '{"error_code":404,"message":"not here"}';
    response.writeHead(found ? 200 : 404, headers).end(body);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((closed) => server.close(closed)) };
}

test('a topic whose proxy does not decode it gets its schemas the same way, with a name and password', async () => {
  const lines = JSON.parse(LOG).map((record, offset) => ({
    topic: 'raw', partition: 0, offset, timestamp: 1740960000000 + offset, key: Buffer.from(record.key, 'base64').toString(),
    ...(record.value === null ? { value: null } : { value_base64: record.value }), headers: [],
  }));
  const topics = await proxy(lines);
  const guarded = await registry({ token: 'me:secret' });
  const app = await App.open(browser, { servers: [topics.url, guarded.url] });
  await app.get('position').waitFor();
  await app.click('kafka');
  await app.get('kafka-url').fill(topics.url);
  await app.click('kafka-connect');
  await app.get('kafka-server').waitFor();
  await app.get('kafka-topic').selectOption('raw');
  await app.click('kafka-load');
  await app.expect('the topic', () => app.get('source-summary').getAttribute('data-records'), String(lines.length));
  await app.press('Escape');
  await app.click('mapping-open');
  await app.get('registry-address').fill(guarded.url);
  await app.get('registry-token').fill('me:secret');
  await app.click('registry-ask');
  await expectDecoded(app);
  await app.click('mapping-open');
  await app.expectText('mapping-evidence', /1 \(Avro/);
  await app.expect('a decoded row', async () => (await app.get('mapping-preview-row').allTextContents()).some((text) => text.includes('IN_USE') || text.includes('newStatus')), true);
  await topics.close();
  await guarded.close();
  await app.close();
});

const PROTO_LOG = fixture('confluent-wire-protobuf-rest-binary.json');
const PROTO = JSON.parse(fixture('schema-registry-ids-3.json')).schema;
/** The same schema, of which a part is in another file. */
const PARTS = {
  main: PROTO.replace('message Ping', 'import "shop/unit.proto";\nmessage Ping').replace('int32 version = 6;', 'int32 version = 6;\n  Unit unit = 7;'),
  unit: 'syntax = "proto3";\npackage com.factory.spray;\nenum Unit { PIECE = 0; BOX = 1; }\n',
};

/** Opens these files and the panel in which schemas are given. */
async function withFiles(files, options = {}) {
  const app = await App.open(browser, options);
  await app.get('record-row').first().waitFor();
  await app.openFiles(files.map(([name, text]) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) })));
  await app.expect('the log', () => app.get('source-summary').getAttribute('data-records'), '25');
  return app;
}

test('Protobuf is read with the .proto text that is pasted, and what is wrong with a text is told', async () => {
  const app = await withFiles([['log.json', PROTO_LOG]]);
  await app.click('mapping-open');
  await app.expectText('mapping-evidence', /not given, so their values stay bytes: 3/);
  await app.get('schema-paste').fill(PROTO.replace('string operator = 4', 'string operator'));
  await app.click('schema-use');
  await app.expectText('notice', /cannot be used: .*line \d+, column \d+/);
  await app.click('mapping-open');
  await app.get('schema-paste').fill(PROTO);
  await app.click('schema-use');
  await expectDecoded(app);
  await app.click('mapping-open');
  await app.expectText('mapping-evidence', /3 \(Protobuf com\.factory\.spray\.StatusChangedEvent\)/);
  await app.close();
});

test('schema files that import each other are chosen together, or opened together with the log', async () => {
  const chosen = await withFiles([['log.json', PROTO_LOG]]);
  await chosen.click('mapping-open');
  await chosen.get('schema-files').setInputFiles([
    { name: 'unit.proto', mimeType: 'text/plain', buffer: Buffer.from(PARTS.unit) },
    { name: 'status.proto', mimeType: 'text/plain', buffer: Buffer.from(PARTS.main) },
  ]);
  await expectDecoded(chosen);
  assert.equal((await chosen.state()).unit, 'PIECE');
  await chosen.close();
  const opened = await withFiles([['unit.proto', PARTS.unit], ['log.json', PROTO_LOG], ['status.proto', PARTS.main]]);
  await expectDecoded(opened);
  await opened.close();
});

test('a registry gives a schema of Protobuf with those that it refers to', async () => {
  const answers = {
    '/schemas/ids/3': { schemaType: 'PROTOBUF', schema: PARTS.main, references: [{ name: 'shop/unit.proto', subject: 'the unit', version: 2 }] },
    '/subjects/the%20unit/versions/2': { subject: 'the unit', version: 2, id: 8, schemaType: 'PROTOBUF', schema: PARTS.unit },
  };
  const { url, asked, close } = await registry({ answers });
  const app = await withFiles([['log.json', PROTO_LOG]], { servers: [url] });
  await app.click('mapping-open');
  await app.get('registry-address').fill(url);
  await app.click('registry-ask');
  await expectDecoded(app);
  assert.deepEqual(asked, Object.keys(answers));
  await close();
  await app.close();
});

test('values without the name of a schema are the message that is chosen', async () => {
  const bare = JSON.parse(PROTO_LOG).map(({ key, value, ...record }) => JSON.stringify({
    ...record, key: Buffer.from(key, 'base64').toString(), value_base64: Buffer.from(value, 'base64').subarray(7).toString('base64'),
  }));
  const alike = PROTO.replace('message Ping {}', `message Other ${PROTO.slice(PROTO.indexOf('{', PROTO.indexOf('message Status'))).trim()}`);
  const app = await withFiles([['log.ndjson', bare.join('\n')], ['status.proto', alike]]);
  await app.click('mapping-open');
  await app.expectText('mapping-evidence', /25 of 25 values are bytes; choose below .*: com\.factory\.spray\.Other, com\.factory\.spray\.StatusChangedEvent/);
  await app.get('mapping-message').selectOption('com.factory.spray.StatusChangedEvent');
  await app.expectText('mapping-evidence', /25 of 25 values are read as the Protobuf message com\.factory\.spray\.StatusChangedEvent/);
  assert.deepEqual(await app.accessibilityProblems(), []);
  await app.click('mapping-apply');
  await expectDecoded(app);
  await app.close();
});
