/**
 * A simulated local network for datagrams, with one or more media ("paths"). Every datagram goes to every host,
 * its sender too, as a broadcast does. It can be lost, doubled, delayed and so overtaken; each direction between
 * two hosts can be cut on each path.
 */
import type { Prng } from "../../src/base/prng.ts";
import type { Timeline } from "./timeline.ts";

export type Weather = {
  readonly lossRate: number;
  readonly doubleRate: number;
  readonly delayMs: readonly [least: number, most: number];
};

export type Frame = {
  readonly to: string;
  readonly path: string;
  readonly address: string;
  readonly bytes: Uint8Array;
};

export const fairWeather: Weather = { lossRate: 0, doubleRate: 0, delayMs: [0.05, 0.5] };

export class Lan {
  weather: Weather = fairWeather;
  readonly paths: readonly string[];
  readonly #timeline: Timeline;
  readonly #prng: Prng;
  readonly #hosts = new Map<string, (frame: Frame) => void>();
  readonly #cuts = new Set<string>();
  readonly #taps: ((frame: Frame, from: string) => void)[] = [];

  constructor(timeline: Timeline, prng: Prng, paths: readonly string[]) {
    this.#timeline = timeline;
    this.#prng = prng;
    this.paths = paths;
  }

  attach(host: string, receive: (frame: Frame) => void): void {
    this.#hosts.set(host, receive);
  }

  /** Who listens sees every frame, also one that is then lost. */
  tap(listener: (frame: Frame, from: string) => void): void {
    this.#taps.push(listener);
  }

  broadcast(from: string, bytes: Uint8Array): void {
    for (const path of this.paths) {
      for (const to of this.#hosts.keys()) {
        const frame = { to, path, address: addressOf(from, path), bytes };
        for (const tap of this.#taps) tap(frame, from);
        if (this.#cuts.has(cutKey(from, to, path)) || this.#isLost(from, to)) continue;
        this.#carry(frame);
        if (this.#prng.chance(this.weather.doubleRate)) this.#carry(frame);
      }
    }
  }

  /** Puts a frame on the wire that no host sent. */
  inject(frame: Frame): void {
    this.#hosts.get(frame.to)?.(frame);
  }

  cut(from: string, to: string, path: string): void {
    this.#cuts.add(cutKey(from, to, path));
  }

  heal(from: string, to: string, path: string): void {
    this.#cuts.delete(cutKey(from, to, path));
  }

  healAll(): void {
    this.#cuts.clear();
    this.weather = fairWeather;
  }

  #isLost(from: string, to: string): boolean {
    return from !== to && this.#prng.chance(this.weather.lossRate);
  }

  #carry(frame: Frame): void {
    const [least, most] = this.weather.delayMs;
    const delayMs = least + this.#prng.below(1_000_000) * ((most - least) / 1_000_000);
    this.#timeline.in(delayMs, () => this.#hosts.get(frame.to)?.(frame));
  }
}

export function addressOf(host: string, path: string): string {
  return `${host}@${path}`;
}

function cutKey(from: string, to: string, path: string): string {
  return `${from}>${to} ${path}`;
}
