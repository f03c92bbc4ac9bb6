/**
 * While a simulated run is on, the sources of real time and chance throw: whatever would make a run depend on more than
 * its seed fails at once, with a stack.
 */
type Globals = Record<string, unknown>;

const names = ["setTimeout", "setInterval", "setImmediate", "fetch"] as const;

/** Runs `body` without clock, timers, chance and network. Synchronous only. */
export function withPoisonedGlobals<T>(body: () => T): T {
  const restore = poisonGlobals();
  try {
    return body();
  } finally {
    restore();
  }
}

/** The same for what awaits promises; only one at a time. */
export async function withPoisonedGlobalsAsync<T>(body: () => Promise<T>): Promise<T> {
  const restore = poisonGlobals();
  try {
    return await body();
  } finally {
    restore();
  }
}

function poisonGlobals(): () => void {
  const globals = globalThis as unknown as Globals;
  const saved = new Map<string, unknown>();
  for (const name of names) {
    saved.set(name, globals[name]);
    globals[name] = poison(name);
  }
  const { Date: realDate } = globalThis;
  const realRandom = Math.random;
  const realNow = performance.now;
  globalThis.Date = poisonedDate(realDate);
  Math.random = poison("Math.random");
  performance.now = poison("performance.now");
  return () => {
    globalThis.Date = realDate;
    Math.random = realRandom;
    performance.now = realNow;
    for (const [name, value] of saved) globals[name] = value;
  };
}

function poison(name: string): () => never {
  return () => {
    throw new Error(`${name} was used inside a simulated run`);
  };
}

function poisonedDate(real: DateConstructor): DateConstructor {
  return new Proxy(real, {
    construct: poison("new Date"),
    apply: poison("Date"),
    get(target, property, receiver) {
      return property === "now" ? poison("Date.now") : Reflect.get(target, property, receiver);
    },
  });
}
