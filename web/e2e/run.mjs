// Runs the specs against dist/, served under a sub-path. Each spec is a file of node:test cases.
//
// usage: node run.mjs [SPEC…]     a spec is a file name in specs/, without its ending; without arguments all run
// Ends with "N passed, N failed" and exits with 1 if any failed.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { serve } from './serve.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const dist = process.env.REPLAYGROUND_DIST ?? join(here, '../../dist');
if (!existsSync(join(dist, 'index.html'))) {
  console.error(`${dist} holds no site: run \`cargo xtask build\` first`);
  process.exit(2);
}

const names = process.argv.slice(2);
const known = readdirSync(join(here, 'specs')).filter((name) => name.endsWith('.spec.mjs')).sort();
const wanted = names.length === 0 ? known : names.map((name) => `${name.replace(/^.*\//, '').replace(/\.spec\.mjs$/, '')}.spec.mjs`);
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`there is no specs/${unknown[0]}; there are: ${known.join(' ')}`);
  process.exit(2);
}

const site = await serve(dist, '/some/sub/path/');
process.env.REPLAYGROUND_URL = site.url;

let passed = 0;
let failed = 0;
// One file after the other: browsers side by side on two cores make times mean nothing.
const tests = run({ files: wanted.map((name) => join(here, 'specs', name)), concurrency: 1, timeout: 1_200_000 });
const isCase = (data) => data.details?.type !== 'suite' && !data.skip && !data.todo && data.file !== data.name && !known.some((name) => data.name.endsWith(name));
tests.on('test:pass', (data) => { if (isCase(data)) passed += 1; });
tests.on('test:fail', (data) => { if (data.details?.type !== 'suite' && !data.todo) failed += 1; });
const report = tests.compose(spec);
report.pipe(process.stdout, { end: false });
await new Promise((resolve) => report.on('end', resolve));
await site.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
