/**
 * The hosts' network: one or more media ("paths"), on each of which every host has an address. A datagram goes to
 * every host, its sender too, as a broadcast does; it can be lost, doubled, delayed and so overtaken. Each
 * direction between two hosts can be cut on each path, for datagrams and streams alike.
 */
import { assert } from "../../src/base/assert.ts";
import type { Prng } from "../../src/base/prng.ts";
import type { SimClock } from "../kernel/sim-clock.ts";
import { SimNetwork } from "../kernel/sim-network.ts";

export const clusterPort = 694;

export type Weather = {
  readonly lossRate: number;
  readonly doubleRate: number;
  readonly delayMs: readonly [least: number, most: number];
};

export const fairWeather: Weather = { lossRate: 0, doubleRate: 0, delayMs: [0.05, 0.5] };

/** A datagram on the wire, to one host. */
export type Frame = {
  readonly to: string;
  readonly path: string;
  readonly address: string;
  readonly bytes: Uint8Array;
};

export class Lan {
  readonly paths: readonly string[];
  readonly network: SimNetwork;
  readonly #clock: SimClock;
  readonly #prng: Prng;
  /** By station. */
  readonly #receivers = new Map<string, (frame: Frame) => void>();
  readonly #taps: ((frame: Frame, from: string) => void)[] = [];
  #weather: Weather = fairWeather;

  constructor(clock: SimClock, prng: Prng, paths: readonly string[]) {
    this.#clock = clock;
    this.#prng = prng;
    this.paths = paths;
    this.network = new SimNetwork(clock, prng.fork());
  }

  /** A new host on all paths; it hears nothing before open(). */
  attach(station: string, receive: (frame: Frame) => void): void {
    this.#receivers.set(station, receive);
    for (const address of this.addressesOf(station)) this.network.addHost(address);
    this.setWeather(this.#weather);
  }

  /** The host's daemon listens. */
  open(station: string): void {
    this.paths.forEach((path, i) => {
      const address = this.addressesOf(station)[i] ?? "";
      this.network.bindDatagrams(address, clusterPort, (from, bytes) => {
        this.inject({ to: station, path, address: from, bytes });
      });
    });
  }

  /** One address a path, in their order. */
  addressesOf(station: string): readonly string[] {
    const number = [...this.#receivers.keys()].indexOf(station) + 1;
    assert(number > 0, `there is a station ${station}`);
    return this.paths.map((_path, i) => `10.${i}.0.${number}`);
  }

  /** Who listens sees every frame, also one that is then lost. */
  tap(listener: (frame: Frame, from: string) => void): void {
    this.#taps.push(listener);
  }

  broadcast(from: string, bytes: Uint8Array): void {
    const senders = this.addressesOf(from);
    this.paths.forEach((path, i) => {
      const address = senders[i] ?? "";
      for (const to of this.#receivers.keys()) {
        for (const tap of this.#taps) tap({ to, path, address, bytes }, from);
        const target = this.addressesOf(to)[i] ?? "";
        if (to === from) this.#clock.after(0.05, () => this.inject({ to, path, address, bytes }));
        else this.#send(address, target, bytes);
      }
    });
  }

  /** Puts a frame into a host's socket, whoever sent it. */
  inject(frame: Frame): void {
    this.#receivers.get(frame.to)?.(frame);
  }

  setWeather(weather: Weather): void {
    this.#weather = weather;
    const [least, most] = weather.delayMs;
    const link = { delayMs: least, jitterMs: most - least, loss: weather.lossRate };
    this.#eachLink((from, to) => this.network.setLink(from, to, link));
  }

  cut(from: string, to: string, path: string): void {
    this.#setUp(from, to, { path, up: false });
  }

  heal(from: string, to: string, path: string): void {
    this.#setUp(from, to, { path, up: true });
  }

  healAll(): void {
    this.setWeather(fairWeather);
    this.#eachLink((from, to) => this.network.setLink(from, to, { up: true }));
  }

  #send(from: string, to: string, bytes: Uint8Array): void {
    this.network.sendDatagram(from, to, clusterPort, bytes);
    if (!this.#prng.chance(this.#weather.doubleRate)) return;
    this.network.sendDatagram(from, to, clusterPort, bytes);
  }

  #setUp(from: string, to: string, how: { readonly path: string; readonly up: boolean }): void {
    const i = this.paths.indexOf(how.path);
    const source = this.addressesOf(from)[i] ?? "";
    this.network.setLink(source, this.addressesOf(to)[i] ?? "", { up: how.up });
  }

  #eachLink(visit: (from: string, to: string) => void): void {
    const stations = [...this.#receivers.keys()];
    for (const from of stations) {
      for (const to of stations) {
        if (from === to) continue;
        this.paths.forEach((_path, i) => {
          visit(this.addressesOf(from)[i] ?? "", this.addressesOf(to)[i] ?? "");
        });
      }
    }
  }
}
