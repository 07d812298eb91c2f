// A real Kafka and the proxy in front of it, for specs: the broker takes orders, proxies are started as a spec needs them.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const program = (path) => `${root}/${process.env.CARGO_TARGET_DIR ?? 'target'}/debug/${path}`;

/** The page's own origin. */
export const origin = () => new URL(process.env.REPLAYGROUND_URL).origin;

/** Starts a program and waits for a line of its output; the rest of it is thrown away. */
async function started(command, args, wanted, stream, env = {}) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  for (const other of ['stdout', 'stderr']) if (other !== stream) child[other].resume();
  const lines = [];
  const line = await new Promise((resolve) => {
    createInterface({ input: child[stream] }).on('line', (line) => { lines.push(line); if (wanted.test(line)) resolve(line); });
    child.on('exit', () => resolve(undefined));
  });
  return { child, line, lines };
}

export class Kafka {
  #broker;
  #proxies = [];
  /** Why there is none; the spec is skipped then. */
  missing;
  /** Where clients of Kafka itself connect. */
  brokers;

  /** Builds and starts the broker. `args` are those of the example `playground`. */
  static async start(args = []) {
    const build = spawnSync('cargo', ['build', '--quiet', '-p', 'kafka-rest', '--bin', 'replayground-proxy', '-p', 'kafka-harness', '--features', 'kafka-harness/client', '--example', 'playground'], { cwd: root, stdio: 'inherit' });
    assert.equal(build.status, 0, 'the proxy and the test broker build');
    const kafka = new Kafka();
    kafka.#broker = await started(program('examples/playground'), args, /^(ready|skipped)/, 'stdout');
    const { line, lines } = kafka.#broker;
    if (line?.startsWith('ready')) {
      kafka.brokers = line.split(' ')[1];
    } else {
      assert.ok(process.env.REPLAYGROUND_REQUIRE_KAFKA === undefined, `no broker: ${lines.join(' ')}`);
      kafka.missing = lines.join(' ') || 'no broker can be started here';
    }
    return kafka;
  }

  /** Starts a proxy that this page may read, and gives its address. `brokers` may be one where nobody listens. */
  async proxy({ args = ['--cors-origin', origin()], env = {}, brokers = this.brokers } = {}) {
    const proxy = await started(program('replayground-proxy'), ['--brokers', brokers, '--listen', '127.0.0.1:0', ...args], /"listening"/, 'stderr', env);
    this.#proxies.push(proxy);
    return `http://${JSON.parse(proxy.line).address}`;
  }

  /** Tells the broker what to do, and waits until it is done: see the example `playground`. Fails if it cannot be done. */
  async order(line) {
    const answer = await new Promise((resolve) => {
      const lines = createInterface({ input: this.#broker.child.stdout });
      lines.once('line', (answer) => { lines.close(); resolve(answer); });
      this.#broker.child.stdin.write(`${line}\n`);
    });
    if (!answer.startsWith('done')) throw new Error(`${line}: ${answer}`);
    return answer;
  }

  stop() {
    for (const { child } of this.#proxies) child.kill();
    this.#broker?.child.kill();
  }
}
