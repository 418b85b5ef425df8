// Checks by name, run one after the other within a group, and reported as JSON lines on standard output.
import { performance } from 'node:perf_hooks';

const checks = [];

/** Registers a check: `body(client)` ends well or throws. Names are literal and unique: pytest reads them from the source. */
export function check(name, body) {
  if (checks.some((one) => one.name === name)) throw new Error(`two checks are called "${name}"`);
  checks.push({ name, body });
}

/** The checks registered since the last call. */
export function taken() {
  return checks.splice(0);
}

export function emit(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Runs checks in order, each with its own deadline; a failed one does not end the others. Returns how many failed. */
export async function run(group, list, client) {
  let failed = 0;
  for (const { name, body } of list) {
    const begun = performance.now();
    const line = { check: name, group, ok: true };
    try {
      const told = await within(client.deadlineMs, body(client));
      if (told !== undefined) line.told = told;
    } catch (error) {
      failed += 1;
      line.ok = false;
      line.error = String(error?.stack ?? error);
    }
    emit({ ...line, seconds: Math.round(performance.now() - begun) / 1000 });
  }
  return failed;
}

/** Settles as `promise` does, or fails after `ms`. */
export async function within(ms, promise, what = 'the check') {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} was not over within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export function assert(condition, message) {
  if (!condition) throw new Error(message);
}

/** Compares by what JSON shows; codec values show themselves as people read them. */
export function same(actual, expected, what = 'the value') {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${what} is ${left}, not ${right}`);
}

/** The error of a promise that must fail; `pattern` must match its message. */
export async function refused(promise, pattern) {
  let outcome;
  try {
    outcome = await promise;
  } catch (error) {
    assert(pattern.test(String(error.message)), `refused for another reason: ${error.message}`);
    return error;
  }
  throw new Error(`it was taken: ${JSON.stringify(outcome?.toHuman?.() ?? null)}`);
}
