// Makes the samples: the same bytes every time. Run `node web/samples/make.mjs` after a change.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const here = fileURLToPath(new URL('.', import.meta.url));

function numbers(seed) {
  let a = seed >>> 0;
  const next = () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  return { below: (n) => next() % n, pick: (list) => list[next() % list.length], hex: () => next().toString(16).padStart(8, '0') };
}

/** Kafka's partition of a key: murmur2, sign bit cleared. */
function partitionOf(key, partitions) {
  const bytes = Buffer.from(key);
  const m = 0x5bd1e995;
  let h = (0x9747b28c ^ bytes.length) | 0;
  let i = 0;
  for (; i + 4 <= bytes.length; i += 4) {
    let k = Math.imul(bytes.readInt32LE(i), m);
    k ^= k >>> 24;
    h = Math.imul(h, m) ^ Math.imul(k, m);
  }
  const left = bytes.length - i;
  if (left >= 3) h ^= bytes[i + 2] << 16;
  if (left >= 2) h ^= bytes[i + 1] << 8;
  if (left >= 1) h = Math.imul(h ^ bytes[i], m);
  h ^= h >>> 13;
  h = Math.imul(h, m);
  h ^= h >>> 15;
  return (h & 0x7fffffff) % partitions;
}

/** A topic that appends records where Kafka would put them, and prints them as `kcat -J` does. */
function topic(name, partitions) {
  const offsets = new Array(partitions).fill(0);
  const lines = [];
  return {
    lines,
    append(ts, key, value, type) {
      const partition = partitionOf(key, partitions);
      const headers = type ? { headers: ['event_type', type] } : {};
      const payload = value === null ? null : typeof value === 'string' ? value : JSON.stringify(value);
      lines.push({ topic: name, partition, offset: offsets[partition]++, tstype: 'create', ts, broker: 1, ...headers, key, payload });
    },
    save(file) {
      writeFileSync(join(here, file), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      console.log(`${file}: ${lines.length} records`);
    },
  };
}

function sprayHeads() {
  const random = numbers(21222);
  const log = topic('status-events', 3);
  const operators = ['李四', '王芳', '张伟', '欧阳娜娜', '陈静'];
  const next = { INVENTORY: ['INSTALLED'], INSTALLED: ['IN_USE', 'IN_USE', 'INVENTORY'], IN_USE: ['CLEANING', 'CLEANING', 'FAULTY'], CLEANING: ['IN_USE'], FAULTY: ['CLEANING', 'SCRAPPED', 'IN_USE'] };
  const heads = ['spray-021222', ...Array.from({ length: 17 }, (_, n) => `spray-${String(n + 1).padStart(4, '0')}`)];
  const state = new Map();
  let ts = Date.UTC(2025, 2, 3);
  let repeat = null;
  for (let n = 0; n < 184; n += 1) {
    ts += 20_000 + random.below(400_000);
    if (repeat && n === 71) {
      // A retry of the producer: the same event once more, later.
      log.append(ts, repeat.sprayId, repeat, 'SprayStatusChanged');
      continue;
    }
    const sprayId = n < heads.length ? heads[n] : random.pick(heads);
    const before = state.get(sprayId);
    if (before?.status === 'SCRAPPED') {
      if (!before.removed) log.append(ts, sprayId, null, 'SprayHeadRemoved');
      before.removed = true;
      continue;
    }
    const newStatus = before ? random.pick(next[before.status]) : 'INVENTORY';
    const version = (before?.version ?? 0) + 1;
    const value = { sprayId, oldStatus: before?.status ?? null, newStatus, operator: random.pick(operators) };
    if (newStatus === 'IN_USE') value.pressure = 4 + random.below(40) / 10;
    if (newStatus === 'FAULTY') value.note = random.pick(['喷嘴堵塞', '压力过低', '漏液']);
    value.eventId = `${random.hex()}-${random.hex().slice(0, 4)}`;
    value.version = version;
    state.set(sprayId, { status: newStatus, version });
    log.append(ts, sprayId, value, before ? 'SprayStatusChanged' : 'SprayRegistered');
    if (n === 68) repeat = value;
  }
  log.save('spray-heads.ndjson');
}

function bankAccounts() {
  const random = numbers(4711);
  const log = topic('account-events', 2);
  const owners = { 'acc-1001': 'Amara', 'acc-1002': 'Bruno', 'acc-1003': 'Chiyo', 'acc-1004': 'Dilek', 'acc-1005': 'Emil' };
  const accounts = new Map();
  let ts = Date.UTC(2025, 4, 12, 8);
  const held = [];
  for (let n = 0; n < 84; n += 1) {
    ts += 30_000 + random.below(900_000);
    const accountId = n < 5 ? Object.keys(owners)[n] : random.pick(Object.keys(owners));
    const account = accounts.get(accountId) ?? { balance: 0, version: 0 };
    account.version += 1;
    accounts.set(accountId, account);
    const base = { type: '', accountId, version: account.version, eventId: `${accountId}-${account.version}` };
    let event;
    if (account.version === 1) {
      account.balance = 100;
      event = { ...base, type: 'Opened', owner: owners[accountId], currency: 'EUR', balance: account.balance };
    } else if (account.balance > 150 && random.below(2)) {
      const amount = 10 + random.below(14) * 10;
      account.balance -= amount;
      event = { ...base, type: 'Withdrawn', amount, balance: account.balance };
    } else {
      const amount = 20 + random.below(30) * 10;
      account.balance += amount;
      event = { ...base, type: 'Deposited', amount, balance: account.balance };
    }
    if (n === 40) {
      // This one is held up and arrives behind its successor.
      held.push(event);
      continue;
    }
    log.append(ts, accountId, event, event.type);
    if (n === 25) log.append(ts + 9_000, accountId, event, event.type);
    if (held.length && held[0].accountId === accountId) log.append(ts + 4_000, accountId, held.shift(), 'Deposited');
  }
  for (const event of held) log.append(ts + 5_000, event.accountId, event, event.type);
  log.save('bank-accounts.ndjson');
}

function orders() {
  const random = numbers(99);
  const log = topic('orders', 4);
  const items = ['kettle', 'lamp', 'desk', 'chair', 'globe', 'clock'];
  const pending = [];
  let ts = Date.UTC(2025, 8, 1, 6);
  for (let n = 1; n <= 32; n += 1) {
    const orderId = `order-${String(n).padStart(3, '0')}`;
    const placed = ts + n * 240_000 + random.below(120_000);
    const lines = Array.from({ length: 1 + random.below(3) }, () => ({ sku: random.pick(items), quantity: 1 + random.below(3) }));
    const total = lines.reduce((sum, line) => sum + line.quantity * (15 + line.sku.length * 3), 0) + 0.9;
    pending.push([placed, orderId, 'OrderPlaced', { orderId, status: 'PLACED', items: lines, total, shipping: { name: `customer ${random.below(20) + 1}`, address: { city: random.pick(['Graz', 'Porto', 'Osaka', '成都']), street: `Street ${random.below(90) + 1}` } } }]);
    if (random.below(8) === 0) continue;
    const paid = placed + 60_000 + random.below(1_200_000);
    pending.push([paid, orderId, 'PaymentTaken', { orderId, status: 'PAID', payment: { method: random.pick(['card', 'transfer']), reference: `p-${random.hex()}` } }]);
    if (random.below(5) === 0) pending.push([paid + 90_000, orderId, 'AddressCorrected', { orderId, shipping: { address: { street: `Street ${random.below(90) + 1}b` } } }]);
    if (random.below(7) === 0) continue;
    const shipped = paid + 600_000 + random.below(3_600_000);
    pending.push([shipped, orderId, 'ItemsShipped', { orderId, status: 'SHIPPED', parcel: { carrier: random.pick(['north', 'swift']), tracking: random.hex() } }]);
    if (random.below(4) === 0) continue;
    pending.push([shipped + 3_000_000 + random.below(9_000_000), orderId, 'OrderDelivered', { orderId, status: 'DELIVERED', parcel: { signedBy: random.pick(['reception', 'neighbour', 'customer']) } }]);
  }
  pending.sort((a, b) => a[0] - b[0]);
  for (const [at, key, type, value] of pending) log.append(at, key, value, type);
  log.save('orders.ndjson');
}

function customers() {
  const random = numbers(5);
  const log = topic('shop.public.customers', 2);
  const rows = new Map();
  let ts = Date.UTC(2025, 6, 7, 9);
  let lsn = 24023128;
  const change = (op, id, before, after) => {
    ts += 4_000 + random.below(600_000);
    lsn += 64 + random.below(400);
    const source = { version: '3.0.0.Final', connector: 'postgresql', name: 'shop', ts_ms: ts, snapshot: op === 'r' ? 'true' : 'false', db: 'shop', schema: 'public', table: 'customers', txId: 700 + (lsn % 97), lsn };
    log.append(ts + 120, JSON.stringify({ id }), { before, after, source, transaction: null, op, ts_ms: ts + 110 });
    if (op === 'd') log.append(ts + 121, JSON.stringify({ id }), null);
  };
  const cities = ['Tartu', 'Quito', 'Chengdu', 'Graz'];
  for (let id = 1001; id <= 1008; id += 1) {
    const row = { id, name: random.pick(['Amara', 'Bruno', 'Chiyo', 'Dilek']) + ` ${id}`, city: random.pick(cities), tier: 'basic', credit: '0.00' };
    rows.set(id, row);
    change('r', id, null, row);
  }
  let newest = 1008;
  for (let n = 0; n < 84; n += 1) {
    const dice = random.below(20);
    const ids = [...rows.keys()];
    const id = random.pick(ids);
    if (dice < 3) {
      newest += 1;
      const row = { id: newest, name: `${random.pick(['Emil', 'Farah', '王芳'])} ${newest}`, city: random.pick(cities), tier: 'basic', credit: '0.00' };
      rows.set(newest, row);
      change('c', newest, null, row);
    } else if (dice === 3 && ids.length > 5) {
      change('d', id, rows.get(id), null);
      rows.delete(id);
    } else {
      const before = rows.get(id);
      const after = { ...before };
      if (dice < 8) after.city = random.pick(cities.filter((city) => city !== before.city));
      else if (dice < 11) after.tier = before.tier === 'basic' ? 'gold' : 'basic';
      else after.credit = (Number(before.credit) + 5 + random.below(200) / 4).toFixed(2);
      rows.set(id, after);
      change('u', id, before, after);
    }
  }
  log.save('customers-cdc.ndjson');
}

sprayHeads();
bankAccounts();
orders();
customers();
