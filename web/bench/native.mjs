// The command line beside jq and DuckDB: one machine, one log, in turn.
//
// usage: node native.mjs --program target/release/replayground [--records N] [--keys N] [--runs N] [--tools FOLDER]
// Prints a table on stderr and one JSON object on stdout. Figures are medians; the ratios are what to quote. DuckDB is installed into a
// virtual environment of Python below FOLDER (given, or in the temporary folder and then removed). What cannot be had is skipped, and why is said.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeLog } from './make-log.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values: options } = parseArgs({
  options: {
    program: { type: 'string', default: join(here, '../../target/release/replayground') },
    records: { type: 'string', default: '1000000' },
    keys: { type: 'string', default: '50000' },
    runs: { type: 'string', default: '3' },
    tools: { type: 'string' },
  },
});
const records = Number(options.records);
const keys = Number(options.keys);
const runs = Number(options.runs);
const folder = mkdtempSync(join(tmpdir(), 'replay-native-'));
const file = join(folder, 'accounts.ndjson');

// The last value of each key, as a JSON value: once as a stream of jq, and once with each value merged into what was known before.
const JQ_LATEST = 'reduce inputs as $r ({}; .[$r.key] = $r.payload) | to_entries[] | {key, state: (.value | fromjson)}';
// `+=` would copy the object of all keys for each record.
const JQ_MERGE = 'reduce inputs as $r ({}; ($r.payload | fromjson) as $event | setpath([$r.key]; .[$r.key] + $event)) | to_entries[] | {key, state: .value}';
// Only the query is timed, so that Python's start does not count: what DuckDB is asked for is what the others print.
const DUCKDB = `
import sys, time, duckdb
file, out = sys.argv[1:]
begun = time.perf_counter()
duckdb.execute(f"""COPY (SELECT key, max_by(payload, "offset")::JSON AS state FROM read_json('{file}') GROUP BY key) TO '{out}' (FORMAT json)""")
print((time.perf_counter() - begun) * 1000, duckdb.__version__)
`;

/** Runs a program with its output in a file; gives milliseconds and what it said on stderr. Fails if the program does. */
function timed(command, args, out) {
  const target = openSync(out, 'w');
  const begun = process.hrtime.bigint();
  const run = spawnSync(command, args, { stdio: ['ignore', target, 'pipe'] });
  const ms = Number(process.hrtime.bigint() - begun) / 1e6;
  closeSync(target);
  if (run.error || run.status !== 0) throw new Error(`${command}: ${run.error?.message ?? run.stderr}`);
  return ms;
}

/** Python with DuckDB, or why there is none. */
function python() {
  const venv = join(options.tools ? resolve(options.tools) : folder, 'duckdb');
  const program = join(venv, 'bin/python');
  const steps = [
    ['python3', '-m', 'venv', venv],
    [program, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'duckdb'],
  ];
  if (existsSync(program) && spawnSync(program, ['-c', 'import duckdb']).status === 0) return { program };
  for (const [command, ...args] of steps) {
    const run = spawnSync(command, args, { encoding: 'utf8' });
    if (run.error || run.status !== 0) return { missing: `${[command, ...args].join(' ')}: ${run.error?.message ?? run.stderr.trim().split('\n').at(-1)}` };
  }
  return { program };
}

/** The states by key of lines `{"key": …, "state": …}`, each state as text whose members are in the order of their names. */
function states(path) {
  const ordered = (_, value) => (value && typeof value === 'object' && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value);
  const lines = readFileSync(path, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line));
  return new Map(lines.map(({ key, state }) => [key, JSON.stringify(state, ordered)]));
}

/** A comparison of unequal work would be worth nothing. */
function mustAgree(name, one, other) {
  const [a, b] = [states(one), states(other)];
  if (a.size !== keys || b.size !== keys) throw new Error(`${name}: ${a.size} and ${b.size} keys instead of ${keys}`);
  for (const [key, state] of a) if (b.get(key) !== state) throw new Error(`${name}: the states of ${key} differ: ${state} and ${b.get(key)}`);
}

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

try {
  const bytes = makeLog(file, records, keys);
  const out = (name) => join(folder, `${name}.json`);
  const programs = {
    fold_latest: () => timed(options.program, ['fold', file, '--projection', 'latest'], out('fold_latest')),
    fold_merge: () => timed(options.program, ['fold', file, '--projection', 'merge'], out('fold_merge')),
  };
  const versions = {};
  const jq = spawnSync('jq', ['--version'], { encoding: 'utf8' });
  if (jq.status === 0) {
    versions.jq = jq.stdout.trim();
    programs.jq_latest = () => timed('jq', ['-c', '-n', JQ_LATEST, file], out('jq_latest'));
    programs.jq_merge = () => timed('jq', ['-c', '-n', JQ_MERGE, file], out('jq_merge'));
  } else console.error(`jq skipped: ${jq.error?.message ?? jq.stderr}`);
  const duckdb = python();
  if (duckdb.program) {
    const script = join(folder, 'ask.py');
    writeFileSync(script, DUCKDB);
    programs.duckdb_latest = () => {
      const said = out('duckdb');
      timed(duckdb.program, [script, file, out('duckdb_latest')], said);
      const [ms, version] = readFileSync(said, 'utf8').trim().split(' ');
      versions.duckdb = version;
      return Number(ms);
    };
  } else console.error(`DuckDB skipped: ${duckdb.missing}`);

  console.error(`${records} records, ${keys} keys, ${(bytes / 1e6).toFixed(0)} MB; ${runs} runs each, in turn; load ${loadavg()[0].toFixed(1)}`);
  const times = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  for (let run = 0; run < runs; run += 1) for (const [name, program] of Object.entries(programs)) times[name].push(program());
  for (const other of ['jq_latest', 'duckdb_latest']) if (programs[other]) mustAgree(`fold_latest and ${other}`, out('fold_latest'), out(other));
  if (programs.jq_merge) mustAgree('fold_merge and jq_merge', out('fold_merge'), out('jq_merge'));

  const over = (one, other) => (times[one] ? median(times[one].map((ms, run) => ms / times[other][run])) : null);
  const result = {
    bytes, records, keys, runs, versions, load: loadavg()[0],
    ms: Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)])),
    times_faster_than_jq_latest: over('jq_latest', 'fold_latest'),
    times_faster_than_jq_merge: over('jq_merge', 'fold_merge'),
    times_faster_than_duckdb: over('duckdb_latest', 'fold_latest'),
  };
  for (const [name, ms] of Object.entries(result.ms)) console.error(`${name.padEnd(30)} ${ms.toFixed(0)} ms`);
  for (const [name, value] of Object.entries(result)) if (name.startsWith('times')) console.error(`${name.padEnd(30)} ${value?.toFixed(2) ?? 'not measured'}`);
  console.log(JSON.stringify(result));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
