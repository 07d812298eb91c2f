// A Chromium of its own for each measurement, and what its tab cost.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const { chromium } = createRequire(join(here, '../e2e/package.json'))('playwright-core');

/** Peak resident memory of the renderer processes of this run, in bytes, as the kernel counted it. */
function rendererPeak(userData) {
  let peak = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (!command.includes('--type=renderer') || !command.includes(userData)) continue;
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024);
    } catch {
      // The process ended meanwhile.
    }
  }
  return peak;
}

/** A fresh browser for one measurement, so that no run pays for the garbage of another. */
export async function withPage(url, work) {
  const userData = mkdtempSync(join(tmpdir(), 'replay-bench-'));
  const context = await chromium.launchPersistentContext(userData, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    viewport: { width: 1440, height: 900 },
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(url);
    const empty = rendererPeak(userData);
    const result = await work(page, () => rendererPeak(userData));
    return { ...result, memory: rendererPeak(userData), empty };
  } finally {
    await context.close();
    rmSync(userData, { recursive: true, force: true });
  }
}

export const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
