// Writes a log of bank events as `kcat -J` prints it: the same bytes for the same arguments, on every machine.
//
// usage: node make-log.mjs FILE [RECORDS = 1000000] [KEYS = 50000]
//
// An event states only the fields it changes, so that a merge has something to do; about 300 bytes a record.
import { closeSync, openSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const PARTITIONS = 12;
const TYPES = ['Opened', 'Deposited', 'Withdrawn', 'AddressChanged', 'LimitChanged', 'Frozen', 'Released'];
const CITIES = ['Chengdu', 'Graz', 'Porto', 'Osaka', 'Tartu', 'Quito'];

/** A small generator of 32-bit numbers (mulberry32): seeded, so that a log can be made again. */
function numbers(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
}

/** Kafka's murmur2 of an ASCII key, so that the made log lies where a producer would have put it. */
function partitionOf(key) {
  const m = 0x5bd1e995;
  let h = (0x9747b28c ^ key.length) | 0;
  let i = 0;
  for (; i + 4 <= key.length; i += 4) {
    let k = key.charCodeAt(i) | (key.charCodeAt(i + 1) << 8) | (key.charCodeAt(i + 2) << 16) | (key.charCodeAt(i + 3) << 24);
    k = Math.imul(k, m);
    k ^= k >>> 24;
    h = Math.imul(h, m) ^ Math.imul(k, m);
  }
  const left = key.length - i;
  if (left >= 3) h ^= key.charCodeAt(i + 2) << 16;
  if (left >= 2) h ^= key.charCodeAt(i + 1) << 8;
  if (left >= 1) h = Math.imul(h ^ key.charCodeAt(i), m);
  h ^= h >>> 13;
  h = Math.imul(h, m);
  h ^= h >>> 15;
  return (h & 0x7fffffff) % PARTITIONS;
}

/** Makes the log; gives its size in bytes. */
export function makeLog(path, records = 1_000_000, keys = 50_000) {
  const next = numbers(20250303);
  const offsets = new Array(PARTITIONS).fill(0);
  const versions = new Uint32Array(keys);
  const file = openSync(path, 'w');
  let piece = [];
  let size = 0;
  const flush = () => {
    const bytes = Buffer.from(piece.join(''));
    writeSync(file, bytes);
    size += bytes.length;
    piece = [];
  };
  for (let n = 0; n < records; n += 1) {
    const account = next() % keys;
    const key = `account-${String(account).padStart(7, '0')}`;
    const partition = partitionOf(key);
    const version = (versions[account] += 1);
    const type = version === 1 ? 'Opened' : TYPES[1 + (next() % (TYPES.length - 1))];
    const ts = 1740960000000 + n * 37 + (next() % 1000);
    const value = { accountId: key, eventId: `${next().toString(16).padStart(8, '0')}-${n}`, version };
    switch (type) {
      case 'Opened':
        Object.assign(value, { owner: `owner ${account}`, balance: 0, limit: 1000, status: 'OPEN', address: { city: CITIES[next() % 6], street: `Street ${next() % 500}` } });
        break;
      case 'AddressChanged':
        value.address = { city: CITIES[next() % 6], street: `Street ${next() % 500}` };
        break;
      case 'LimitChanged':
        value.limit = 100 * (next() % 90);
        break;
      case 'Frozen':
        value.status = 'FROZEN';
        break;
      case 'Released':
        value.status = 'OPEN';
        break;
      default:
        Object.assign(value, { amount: next() % 10000, balance: next() % 1000000, currency: 'EUR', memo: `transfer ${next()}` });
    }
    const line = {
      topic: 'account-events', partition, offset: offsets[partition], tstype: 'create', ts, broker: 1,
      headers: ['event_type', type], key, payload: JSON.stringify(value),
    };
    offsets[partition] += 1;
    piece.push(JSON.stringify(line), '\n');
    if (piece.length >= 20_000) flush();
  }
  flush();
  closeSync(file);
  return size;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [path, records, keys] = process.argv.slice(2);
  if (!path) {
    console.error('usage: node make-log.mjs FILE [RECORDS] [KEYS]');
    process.exit(2);
  }
  console.log(`${makeLog(path, Number(records ?? 1_000_000), Number(keys ?? 50_000))} bytes`);
}
