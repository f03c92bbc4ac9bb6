/**
 * What an NBD client sends: a whole session machine reads it, from the client's flags to its last request. Beyond "no
 * throw": every request that is begun is within the export, and the session ends when it must.
 */
import { assert, unreachable } from "../../../src/base/assert.ts";
import { concatBytes } from "../../../src/base/bytes.ts";
import { NbdSession } from "../../../src/core/nbd/nbd-session.ts";
import type { NbdEffect, NbdEvent, NbdIo } from "../../../src/core/nbd/types.ts";
import { command, option } from "../../../src/formats/nbd/nbd-constants.ts";
import {
  clientFlags,
  goData,
  metaContextData,
  optionBytes,
  requestBytes,
} from "../../nbd/client-bytes.ts";
import type { Chance, FuzzTarget } from "../fuzz-target.ts";
import { chunksOf } from "../inputs/chunks.ts";
import { anyU32, mutateBytes } from "../inputs/mutate-bytes.ts";

const sizeBytes = 1024 * 1024;
const exportName = "r0";

export const nbd: FuzzTarget = {
  name: "nbd",
  inputs: 2_000_000,
  make: (chance) => mutateBytes(clientStream(chance), chance),
  run: (stream) => new FuzzedSession().receive(stream),
};

function clientStream(chance: Chance): Uint8Array {
  const parts = [clientFlags(chance.pick([0, 1, 2, 3, 3, 3]))];
  for (let i = chance.below(3); i > 0; i--) parts.push(anyOption(chance));
  parts.push(
    optionBytes(option.go, goData(chance.pick([exportName, exportName, "", "other"]), [3])),
  );
  for (let i = chance.below(5); i > 0; i--) parts.push(anyRequest(chance));
  return concatBytes(parts);
}

function anyOption(chance: Chance): Uint8Array {
  const context = metaContextData(exportName, [
    chance.pick(["base:allocation", "base:", "qemu:x"]),
  ]);
  switch (chance.below(7)) {
    case 0:
      return optionBytes(option.structuredReply);
    case 1:
      return optionBytes(option.list);
    case 2:
      return optionBytes(option.info, goData(exportName, [0, 1, 2, 3]));
    case 3:
      return optionBytes(option.listMetaContext, context);
    case 4:
      return optionBytes(option.startTls);
    case 5:
      return optionBytes(chance.below(20), chance.bytes(chance.below(40)));
    default:
      return concatBytes([
        optionBytes(option.structuredReply),
        optionBytes(option.setMetaContext, context),
      ]);
  }
}

function anyRequest(chance: Chance): Uint8Array {
  const type = chance.pick([...Object.values(command), command.read, command.write, 99]);
  const inside = chance.below(3) > 0;
  const offset = inside ? chance.below(2048) * 512 : Number(chance.u64());
  const common = { type, cookie: chance.u64(), flags: chance.below(40), offset: BigInt(offset) };
  if (type === command.write) return requestBytes({ ...common, payload: chance.bytes(512) });
  return requestBytes({ ...common, length: inside ? 512 * chance.below(9) : anyU32(chance) });
}

const zeros = new Uint8Array(sizeBytes);
/** Memory to receive into, used by one session after the other; two, because what is unread moves from one to the other. */
const memories = [new Uint8Array(33 * 2 ** 20), new Uint8Array(33 * 2 ** 20)] as const;

class FuzzedSession {
  #turn = 0;
  readonly #session = new NbdSession({
    allocate: (lengthBytes) => (memories[this.#turn++ % 2] as Uint8Array).subarray(0, lengthBytes),
  });
  #over = false;
  #refused = false;
  #reading = true;

  receive(stream: Uint8Array): "read" | "refused" {
    this.#perform(this.#session.greet());
    for (const chunk of chunksOf(stream)) {
      for (let at = 0; at < chunk.length && this.#reading && !this.#over; ) {
        const space = this.#session.receiveInto();
        assert(space.length > 0, "there is always room for the client's next bytes");
        const part = chunk.subarray(at, at + space.length);
        space.set(part);
        at += part.length;
        this.#handle({ kind: "received", lengthBytes: part.length });
      }
    }
    this.#handle({ kind: "gone" });
    return this.#refused ? "refused" : "read";
  }

  #handle(event: NbdEvent): void {
    this.#perform(this.#session.handle(event));
  }

  #perform(effects: readonly NbdEffect[]): void {
    for (const effect of effects) this.#performOne(effect);
  }

  #performOne(effect: NbdEffect): void {
    switch (effect.kind) {
      case "send":
        return;
      case "ask-export":
        if (effect.name !== exportName && effect.name !== "") {
          this.#handle({ kind: "export-refused", reason: "unknown", message: "no such export" });
        } else {
          const details = { name: exportName, volume: 0, sizeBytes, description: "" };
          this.#handle({ kind: "export", details });
        }
        return;
      case "list-exports":
        this.#handle({ kind: "exports", names: [exportName] });
        return;
      case "io":
        assertInside(effect.request);
        this.#answer(effect.request);
        return;
      case "allocation":
        assertRange(effect.offset, effect.length);
        this.#handle({ kind: "allocation-reply", id: effect.id });
        return;
      case "reading":
        this.#reading = effect.wanted;
        return;
      case "end":
        this.#over = true;
        if (effect.reason !== undefined) this.#refused = true;
        return;
      default:
        unreachable(effect);
    }
  }

  #answer(request: NbdIo): void {
    const bytes = request.kind === "read" ? { bytes: zeros.subarray(0, request.length) } : {};
    this.#handle({ kind: "io-reply", id: request.id, ...bytes });
  }
}

function assertInside(request: NbdIo): void {
  if (request.kind === "flush") return;
  const length = request.kind === "write" ? request.bytes.length : request.length;
  assertRange(request.offset, length);
}

function assertRange(offset: number, length: number): void {
  assert(offset >= 0 && offset + length <= sizeBytes, "a request is within the export");
}
