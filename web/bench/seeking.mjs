// Seeking as a person does it, timed in the page.

/**
 * Runs in the page: moves the seek bar to so many positions at random, one as soon as the state of the one before is on the screen.
 *
 * @returns how long each took from there to the state, in ms, ascending; and how many did not come within `patience_ms`.
 */
export async function seekAtRandom({ seeks, total, patience_ms }) {
  const bar = document.querySelector('[data-testid="seek"]');
  const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
  const shown = () => document.querySelector('[data-testid="state"]')?.closest('[data-position]')?.dataset.position;
  /** Told by the change itself: a loop that looks again and again would take a processor from the page and the browser. */
  const comes = (position) => new Promise((done) => {
    const observer = new MutationObserver(() => shown() === position && end(true));
    const timer = setTimeout(() => end(false), patience_ms);
    const end = (has_come) => {
      observer.disconnect();
      clearTimeout(timer);
      done(has_come);
    };
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-position'] });
    if (shown() === position) end(true);
  });
  const times = [];
  let missed = 0;
  let seed = 7;
  for (let n = 0; n < seeks && bar && total > 0 && missed < 2; n += 1) {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    const position = String(1 + (seed % total));
    const begun = performance.now();
    setValue.call(bar, position);
    bar.dispatchEvent(new Event('input', { bubbles: true }));
    if (!(await comes(position))) missed += 1;
    times.push(performance.now() - begun);
  }
  return { times: times.sort((a, b) => a - b), missed };
}
