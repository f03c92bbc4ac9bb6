/**
 * What `npm test` prints: a line for each test file as it ends, failures in full where they happen, and a close in
 * the words of node:test's own reporter, which people and CI know how to read.
 */
import { inspect } from "node:util";

export type Counts = {
  tests: number;
  suites: number;
  passed: number;
  failed: number;
  cancelled: number;
  skipped: number;
  todo: number;
};

/** The parts that matter here of what node:test's run() emits. */
export type TestEvent = { readonly type: string; readonly data: TestEventData };
type TestEventData = {
  readonly name?: string;
  readonly file?: string;
  readonly line?: number;
  readonly skip?: string | boolean;
  readonly details?: { readonly type?: string; readonly error?: TestError };
  readonly message?: string;
  readonly counts?: Partial<Counts>;
  readonly duration_ms?: number;
  readonly success?: boolean;
};
type TestError = Error & { readonly failureType?: string };

const countLine = /^(?:tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /;

export class TestReport {
  readonly #counts: Counts = {
    ...{ tests: 0, suites: 0, passed: 0, failed: 0, cancelled: 0, skipped: 0, todo: 0 },
  };
  readonly #failures: string[] = [];
  readonly #skips = new Map<string, number>();
  /** What a file has printed: shown only when one of its tests fails. */
  readonly #output = new Map<string, string>();
  readonly #print: (text: string) => void;
  readonly #root: string;
  readonly #startedMs: number;

  constructor(root: string, print: (text: string) => void, nowMs: number) {
    this.#root = root;
    this.#print = print;
    this.#startedMs = nowMs;
  }

  get hasFailed(): boolean {
    return this.#counts.failed > 0 || this.#counts.cancelled > 0;
  }

  /** A step that is no test file, such as a part of the static check. */
  step(group: string, name: string, passed: boolean, output: string): void {
    this.#counts.tests += 1;
    this.#counts[passed ? "passed" : "failed"] += 1;
    this.#print(`${passed ? "✔" : "✖"} ${group}: ${name}\n`);
    if (passed) return;
    this.#failures.push(`${group}: ${name}`);
    this.#print(`${indented(output)}\n`);
  }

  onEvent({ type, data }: TestEvent): void {
    switch (type) {
      case "test:stdout":
      case "test:stderr":
        this.#remember(data.file ?? "", data.message ?? "");
        return;
      case "test:diagnostic":
        // An error after the end of its test makes the file fail, and is told in no other way.
        if (!countLine.test(data.message ?? ""))
          this.#remember(data.file ?? "", `${data.message}\n`);
        return;
      case "test:pass":
        if (data.skip !== undefined && data.skip !== false) this.#onSkip(data.skip);
        return;
      case "test:fail":
        this.#onFailure(data);
        return;
      case "test:summary":
        if (data.file === undefined) this.#add(data.counts ?? {});
        else this.#onFile(data);
        return;
    }
  }

  /** The last lines. Call it once, at the end. */
  close(nowMs: number): void {
    for (const [reason, count] of [...this.#skips].sort()) {
      this.#print(`﹣ skipped ${count === 1 ? "1 test" : `${count} tests`}: ${reason}\n`);
    }
    if (this.#failures.length > 0) {
      this.#print(`\n✖ failing tests:\n\n${this.#failures.map((name) => `✖ ${name}\n`).join("")}`);
    }
    const { tests, suites, passed, failed, cancelled, skipped, todo } = this.#counts;
    const rows = { tests, suites, pass: passed, fail: failed, cancelled, skipped, todo };
    this.#print("\n");
    for (const [name, value] of Object.entries(rows)) this.#print(`ℹ ${name} ${value}\n`);
    this.#print(`ℹ duration_ms ${(nowMs - this.#startedMs).toFixed(3)}\n`);
  }

  #add(counts: Partial<Counts>): void {
    for (const name of Object.keys(this.#counts) as (keyof Counts)[]) {
      this.#counts[name] += counts[name] ?? 0;
    }
  }

  #onFile(data: TestEventData): void {
    const { tests = 0, skipped = 0 } = data.counts ?? {};
    const seconds = ((data.duration_ms ?? 0) / 1000).toFixed(1);
    const skips = skipped > 0 ? `, ${skipped} skipped` : "";
    const mark = data.success === true ? "✔" : "✖";
    this.#print(`${mark} ${this.#short(data.file)} (${tests} tests${skips}, ${seconds} s)\n`);
    if (data.success !== true) this.#flushOutput(data.file ?? "");
  }

  #onFailure({ name, file, line, details }: TestEventData): void {
    const error = details?.error;
    // A suite, or a file, that fails because of a test in it adds nothing to that test's failure.
    if (error?.failureType === "subtestsFailed") return;
    const where = file === undefined || name === file ? "" : ` (${this.#short(file)}:${line})`;
    const title = `${name === undefined ? "?" : this.#short(name)}${where}`;
    this.#failures.push(title);
    this.#print(`✖ ${title}\n${indented(inspect(error?.cause ?? error))}\n`);
    if (name === file) this.#flushOutput(file ?? "");
  }

  #onSkip(reason: string | boolean): void {
    const text = reason === true || reason === "" ? "no reason given" : String(reason);
    this.#skips.set(text, (this.#skips.get(text) ?? 0) + 1);
  }

  #remember(file: string, text: string): void {
    this.#output.set(file, ((this.#output.get(file) ?? "") + text).slice(-20_000));
  }

  #flushOutput(file: string): void {
    const output = this.#output.get(file) ?? "";
    this.#output.delete(file);
    if (output.trim() !== "") this.#print(`${indented(output)}\n`);
  }

  #short(file: string | undefined): string {
    return (file ?? "").replace(`${this.#root}/`, "");
  }
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n");
}
