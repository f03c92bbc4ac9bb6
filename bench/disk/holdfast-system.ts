/** One DRBD resource of Holdfast's, both disk servers on this machine and connected. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import type { BenchSystem } from "./bench-system.ts";
import { HoldfastNode, isConnected, isInSync } from "./holdfast-node.ts";
import type { Target } from "./workloads.ts";

const firstPort = 17700;

export class HoldfastPair implements BenchSystem {
  readonly name = "Holdfast, protocol C";
  readonly #directory: string;
  readonly #files: { readonly one: string; readonly two: string };
  readonly #ports: readonly [number, number];
  #nodes: { readonly one: HoldfastNode; readonly two: HoldfastNode } | undefined;

  /** @param number tells it from others that run at the same time. */
  constructor(
    directory: string,
    files: { readonly one: string; readonly two: string },
    number: number = 0,
  ) {
    this.#directory = path.join(directory, `pair${number}`);
    this.#files = files;
    this.#ports = [firstPort + 2 * number, firstPort + 2 * number + 1];
  }

  async start(): Promise<Target> {
    await this.connect();
    await this.promote();
    return this.one.target;
  }

  /** The two know each other, and neither is Primary: nothing is synced yet. */
  async connect(): Promise<void> {
    mkdirSync(this.#directory, { recursive: true });
    const node = (host: "one" | "two"): Promise<HoldfastNode> =>
      HoldfastNode.start(this.#directory, { host, disk: this.#files[host], ports: this.#ports });
    this.#nodes = { one: await node("one"), two: await node("two") };
    await this.one.until(isConnected);
  }

  /** `one` becomes Primary, and the other gets its data. */
  async promote(): Promise<void> {
    await this.one.ask("primary", { force: true });
    await this.one.until(isInSync);
  }

  get one(): HoldfastNode {
    return this.#both.one;
  }

  get two(): HoldfastNode {
    return this.#both.two;
  }

  pids(): readonly number[] {
    return [this.one.pid, this.two.pid];
  }

  async stop(): Promise<void> {
    for (const node of [this.one, this.two]) await node.kill();
    this.#nodes = undefined;
  }

  get #both(): { readonly one: HoldfastNode; readonly two: HoldfastNode } {
    if (this.#nodes === undefined) throw new Error("the pair is not started");
    return this.#nodes;
  }
}
