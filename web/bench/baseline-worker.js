// RFC 7396, as the page's projection `merge` has it.
function merge(state, patch) {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch;
  const target = state !== null && typeof state === 'object' && !Array.isArray(state) ? state : {};
  for (const name of Object.keys(patch)) {
    if (patch[name] === null) delete target[name];
    else target[name] = merge(target[name], patch[name]);
  }
  return target;
}

self.onmessage = async ({ data: file }) => {
  const started = performance.now();
  const states = new Map();
  let records = 0;
  const text = await file.text();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const record = JSON.parse(line);
    records += 1;
    const value = record.payload === null ? null : JSON.parse(record.payload);
    if (value === null) states.delete(record.key);
    else states.set(record.key, merge(states.get(record.key), value));
  }
  self.postMessage({ ms: performance.now() - started, records, entities: states.size, states: undefined });
  self.states = states; // kept, as the page keeps its own
};
