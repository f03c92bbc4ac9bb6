/** Every combination of inputs, for tests that walk a decision's whole table instead of taking samples of it. */

type Axes = Readonly<Record<string, readonly unknown[]>>;
type Combination<A extends Axes> = { readonly [K in keyof A]: A[K][number] };

/**
 * One record for each choice of one value an axis; the last axis varies fastest. It is the same record each time, for
 * the sake of speed: who keeps one keeps a copy.
 */
export function* combinations<const A extends Axes>(axes: A): Generator<Combination<A>> {
  const names = Object.keys(axes);
  const values = Object.values(axes);
  if (values.some((choices) => choices.length === 0)) return;
  const at = names.map(() => 0);
  const record: Record<string, unknown> = Object.fromEntries(
    names.map((name, i) => [name, values[i]?.[0]]),
  );
  for (;;) {
    yield record as Combination<A>;
    for (let i = names.length - 1; ; i--) {
      if (i < 0) return;
      const choices = values[i] as readonly unknown[];
      const next = ((at[i] as number) + 1) % choices.length;
      at[i] = next;
      record[names[i] as string] = choices[next];
      if (next > 0) break;
    }
  }
}

export const yesAndNo = [false, true] as const;
