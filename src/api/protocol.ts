/**
 * The control protocol of both daemons: JSON lines over a unix stream socket. A request has an id chosen by
 * the client; exactly one reply carries the same id. A subscription's reply is followed by event lines.
 */
import type { ErrorCode } from "./errors.ts";

export type ControlRequest = {
  readonly id: number;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
};

export type ControlReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: ControlError };

/** A line that belongs to no request: something happened that the client subscribed to. */
export type ControlEvent = { readonly event: string; readonly data: unknown };

export type ControlLine = ControlReply | ControlEvent;

/** A refusal: what happened, where, what to do. `exit` is the exit code that the field's own tool would give. */
export type ControlError = {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy?: string;
  readonly exit?: number;
};

/** A longer line than this ends the connection: nothing that we say comes near it. */
export const controlLineBytesMax: number = 16 * 1024 * 1024;
