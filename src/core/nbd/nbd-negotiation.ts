/**
 * The handshake of one NBD client, up to its choice of an export: fixed newstyle, without TLS (the socket is a unix
 * socket of root's). Source: doc/proto.md, "Option types". Options that are not known here are refused by reply.
 */
import { assert } from "../../base/assert.ts";
import { decodeUtf8 } from "../../base/utf8.ts";
import { handshakeFlag, infoType, option, optionReply } from "../../formats/nbd/nbd-constants.ts";
import {
  decodeInfoRequest,
  decodeMetaContextRequest,
  encodeBlockSizeInfo,
  encodeExportInfo,
  encodeMetaContext,
  encodeServerName,
  encodeTextInfo,
} from "../../formats/nbd/nbd-option-data.ts";
import { payloadBytesMax } from "../../formats/nbd/nbd-reader.ts";
import { encodeExportNameReply } from "../../formats/nbd/nbd-replies.ts";
import { exportFlags } from "./export-flags.ts";
import { optionAnswer, optionRefusal } from "./option-answer.ts";
import type { ExportDetails, NbdEffect } from "./types.ts";

/** What the client and we agreed on. */
export type Agreed = {
  readonly details: ExportDetails;
  readonly structured: boolean;
  /** The client may ask for the block status in base:allocation. */
  readonly allocation: boolean;
};

/** The only metadata context there is. */
export const allocationContextId = 1;
const allocationContextName = "base:allocation";

const blockSizes = { minimum: 512, preferred: 4096, maximum: payloadBytesMax };

type Pending = {
  readonly option: number;
  readonly name: string;
  /** What INFO and GO ask to be told besides the size. */
  readonly wanted: readonly number[];
};

export class NbdNegotiation {
  #noZeroes = false;
  #structured = false;
  /** The export for which base:allocation was selected last. */
  #contextOf: string | undefined;
  #pending: Pending | undefined;
  #agreed: Agreed | undefined;

  /** Set once the client has chosen its export. */
  get agreed(): Agreed | undefined {
    return this.#agreed;
  }

  /** An option waits for the shell's answer: nothing of the client may be looked at meanwhile. */
  get waiting(): boolean {
    return this.#pending !== undefined;
  }

  onClientFlags(flags: number): readonly NbdEffect[] {
    const known = handshakeFlag.fixedNewstyle | handshakeFlag.noZeroes;
    if ((flags & ~known) !== 0)
      return [{ kind: "end", reason: `unknown client flags 0x${(flags >>> 0).toString(16)}` }];
    this.#noZeroes = (flags & handshakeFlag.noZeroes) !== 0;
    return [];
  }

  onOption(number: number, data: Uint8Array): readonly NbdEffect[] {
    assert(this.#pending === undefined, "one option at a time");
    switch (number) {
      case option.abort:
        return [optionAnswer(number, optionReply.ack), { kind: "end" }];
      case option.exportName:
        return this.#ask({ option: number, name: decodeUtf8(data), wanted: [] });
      case option.list:
        if (data.length > 0) return [optionRefusal(number, "LIST has no data")];
        this.#pending = { option: number, name: "", wanted: [] };
        return [{ kind: "list-exports" }];
      case option.info:
      case option.go: {
        const request = decodeInfoRequest(data);
        if (!request.ok) return [optionRefusal(number, request.error)];
        const { exportName, wanted } = request.value;
        return this.#ask({ option: number, name: exportName, wanted });
      }
      case option.structuredReply:
        if (data.length > 0) return [optionRefusal(number, "STRUCTURED_REPLY has no data")];
        this.#structured = true;
        return [optionAnswer(number, optionReply.ack)];
      case option.listMetaContext:
      case option.setMetaContext:
        return this.#onMetaContext(number, data);
      default:
        return [optionAnswer(number, optionReply.unsupported)];
    }
  }

  onExports(names: readonly string[]): readonly NbdEffect[] {
    const { option: number } = this.#takePending();
    return [
      ...names.map((name) => optionAnswer(number, optionReply.server, encodeServerName(name))),
      optionAnswer(number, optionReply.ack),
    ];
  }

  onExportRefused(reason: "unknown" | "refused", message: string): readonly NbdEffect[] {
    const { option: number } = this.#takePending();
    // EXPORT_NAME knows no refusal but the end of the connection.
    if (number === option.exportName) return [{ kind: "end", reason: message }];
    const error = reason === "unknown" ? optionReply.unknownExport : optionReply.policy;
    return [optionRefusal(number, message, error)];
  }

  onExport(details: ExportDetails): readonly NbdEffect[] {
    const pending = this.#takePending();
    const flags = exportFlags(this.#structured);
    if (pending.option !== option.info) {
      this.#agreed = {
        details,
        structured: this.#structured,
        allocation: this.#contextOf === pending.name,
      };
    }
    if (pending.option === option.exportName) {
      const withZeroes = !this.#noZeroes;
      return [
        { kind: "send", parts: [encodeExportNameReply(details.sizeBytes, { flags, withZeroes })] },
      ];
    }
    return [
      ...infosOf(details, flags, pending.wanted).map((info) =>
        optionAnswer(pending.option, optionReply.info, info),
      ),
      optionAnswer(pending.option, optionReply.ack),
    ];
  }

  #ask(pending: Pending): readonly NbdEffect[] {
    this.#pending = pending;
    const purpose = pending.option === option.info ? "describe" : "open";
    return [{ kind: "ask-export", name: pending.name, purpose }];
  }

  #takePending(): Pending {
    const pending = this.#pending;
    assert(pending !== undefined, "the shell answers only what it was asked");
    this.#pending = undefined;
    return pending;
  }

  #onMetaContext(number: number, data: Uint8Array): readonly NbdEffect[] {
    const selects = number === option.setMetaContext;
    // Also a refused selection ends the one before.
    if (selects) this.#contextOf = undefined;
    if (!this.#structured) return [optionRefusal(number, "structured replies come first")];
    const request = decodeMetaContextRequest(data);
    if (!request.ok) return [optionRefusal(number, request.error)];
    const { exportName, queries } = request.value;
    const asked =
      queries.includes(allocationContextName) ||
      (!selects && (queries.length === 0 || queries.includes("base:")));
    if (!asked) return [optionAnswer(number, optionReply.ack)];
    if (selects) this.#contextOf = exportName;
    const context = encodeMetaContext(selects ? allocationContextId : 0, allocationContextName);
    return [
      optionAnswer(number, optionReply.metaContext, context),
      optionAnswer(number, optionReply.ack),
    ];
  }
}

function infosOf(
  details: ExportDetails,
  flags: number,
  wanted: readonly number[],
): readonly Uint8Array[] {
  const infos = [encodeExportInfo(details.sizeBytes, flags)];
  if (wanted.includes(infoType.name)) infos.push(encodeTextInfo(infoType.name, details.name));
  if (wanted.includes(infoType.description))
    infos.push(encodeTextInfo(infoType.description, details.description));
  // Also unasked: we insist on the minimum.
  infos.push(encodeBlockSizeInfo(blockSizes));
  return infos;
}
