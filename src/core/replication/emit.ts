/** How the parts speak: packets, storage effects, notices, answers. */
import { assert } from "../../base/assert.ts";
import type { Packet } from "../../formats/drbd/packet.ts";
import { encodePacket } from "../../formats/drbd/packet-encode.ts";
import { sealed } from "./connection/integrity.ts";
import type { DiskTask } from "./disk/disk-task.ts";
import type { Notice, RunHandler } from "./effects.ts";
import type { IoErrorCode } from "./io.ts";
import type { Resource } from "./resource.ts";
import type { Volume } from "./volume.ts";

/** On the data socket. Nothing is sent when it is gone: whoever closed it takes care of the rest. */
export function sendData(r: Resource, packet: Packet, notify = false): void {
  const { data, header } = r.link;
  if (data === undefined) return;
  r.link.progress.unmarkedAt ??= r.now;
  const parts = encodePacket(sealed(r, packet), header);
  r.effects.push(
    notify
      ? { kind: "send", connection: data, parts, notify }
      : { kind: "send", connection: data, parts },
  );
}

/** On the meta socket: acks, pings, replies. */
export function sendMeta(r: Resource, packet: Packet): void {
  const { meta, header } = r.link;
  if (meta === undefined) return;
  r.effects.push({ kind: "send", connection: meta, parts: encodePacket(packet, header) });
}

export function readDisk(
  r: Resource,
  task: DiskTask & { readonly volume: Volume },
  place: {
    readonly device: "data" | "meta";
    readonly offset: number;
    readonly length: number;
    readonly forPeer?: true;
  },
): void {
  const token = startTask(r, task);
  r.effects.push({ kind: "disk-read", token, volume: task.volume.number, ...place });
}

export function writeDisk(
  r: Resource,
  task: DiskTask & { readonly volume: Volume },
  place: {
    readonly device: "data" | "meta";
    readonly offset: number;
    readonly bytes: Uint8Array;
    readonly durable: boolean;
  },
): void {
  const { device, offset, bytes, durable } = place;
  assert(bytes.length > 0, "a write has bytes");
  const token = startTask(r, task);
  const volume = task.volume.number;
  r.effects.push({ kind: "disk-write", token, volume, device, offset, bytes, durable });
}

export function zeroDisk(
  r: Resource,
  task: DiskTask & { readonly volume: Volume },
  place: {
    readonly offset: number;
    readonly length: number;
    readonly mayUnmap: boolean;
    readonly durable: boolean;
  },
): void {
  const token = startTask(r, task);
  r.effects.push({
    kind: "disk-zero",
    token,
    volume: task.volume.number,
    device: "data",
    ...place,
  });
}

export function flushDisk(r: Resource, task: DiskTask & { readonly volume: Volume }): void {
  const token = startTask(r, task);
  r.effects.push({ kind: "disk-flush", token, volume: task.volume.number, device: "data" });
}

export function findAllocation(
  r: Resource,
  task: DiskTask & { readonly volume: Volume },
  place: { readonly offset: number; readonly length: number },
): void {
  const token = startTask(r, task);
  const volume = task.volume.number;
  r.effects.push({ kind: "disk-allocation", token, volume, device: "data", ...place });
}

export function measureDisk(
  r: Resource,
  task: DiskTask & { readonly kind: "measure"; readonly volume: Volume },
): void {
  const token = startTask(r, task);
  r.effects.push({ kind: "disk-size", token, volume: task.volume.number });
}

export function replyIo(r: Resource, id: number, error: IoErrorCode | undefined): void {
  r.effects.push(error === undefined ? { kind: "io-reply", id } : { kind: "io-reply", id, error });
}

export function replyAdmin(r: Resource, id: number): void {
  r.effects.push({ kind: "admin-reply", id, result: { ok: true } });
}

export function refuseAdmin(r: Resource, id: number, code: number, message: string): void {
  r.effects.push({ kind: "admin-reply", id, result: { ok: false, code, message } });
}

export function notice(
  r: Resource,
  level: Notice["level"],
  code: string,
  message: string,
  more: {
    readonly volume?: Volume;
    readonly fields?: Readonly<Record<string, string | number | boolean>>;
  } = {},
): void {
  r.effects.push({
    kind: "notice",
    level,
    code,
    message,
    ...(more.volume === undefined ? {} : { volume: more.volume.number }),
    ...(more.fields === undefined ? {} : { fields: more.fields }),
  });
}

export function runHandler(r: Resource, name: RunHandler["name"], volume?: Volume): void {
  r.effects.push({
    kind: "handler",
    name,
    ...(volume === undefined ? {} : { volume: volume.number }),
  });
}

function startTask(r: Resource, task: DiskTask & { readonly volume: Volume }): number {
  const token = r.nextToken++;
  r.diskTasks.set(token, task);
  task.volume.diskPending++;
  return token;
}
