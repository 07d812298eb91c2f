import init from './replay-worker.js';
// A further worker is given the compiled module by the one that starts it.
const given = () => new Promise((take) => addEventListener('message', ({ data }) => take(data), { once: true }));
await init(self.name === 'hand' ? { module_or_path: await given() } : undefined);
