/** What an NBD client sends, for tests: written from doc/proto.md, apart from the server's own constants. */

export function clientFlags(flags: number): Uint8Array {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(flags);
  return out;
}

export function optionBytes(option: number, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const head = Buffer.alloc(16);
  head.write("IHAVEOPT", 0, "latin1");
  head.writeUInt32BE(option, 8);
  head.writeUInt32BE(data.length, 12);
  return Buffer.concat([head, data]);
}

export function goData(name: string, wanted: readonly number[] = []): Uint8Array {
  const text = Buffer.from(name);
  const out = Buffer.alloc(6 + text.length + 2 * wanted.length);
  out.writeUInt32BE(text.length, 0);
  text.copy(out, 4);
  out.writeUInt16BE(wanted.length, 4 + text.length);
  wanted.forEach((info, i) => {
    out.writeUInt16BE(info, 6 + text.length + 2 * i);
  });
  return out;
}

export function metaContextData(name: string, queries: readonly string[]): Uint8Array {
  const parts: Buffer[] = [];
  const text = (value: string): void => {
    const bytes = Buffer.from(value);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    parts.push(length, bytes);
  };
  text(name);
  const count = Buffer.alloc(4);
  count.writeUInt32BE(queries.length);
  parts.push(count);
  for (const query of queries) text(query);
  return Buffer.concat(parts);
}

export type RequestFields = {
  readonly flags?: number;
  readonly type: number;
  readonly cookie: bigint;
  readonly offset?: bigint | number;
  readonly length?: number;
  readonly payload?: Uint8Array;
};

export function requestBytes(fields: RequestFields): Uint8Array {
  const head = Buffer.alloc(28);
  head.writeUInt32BE(0x25609513, 0);
  head.writeUInt16BE(fields.flags ?? 0, 4);
  head.writeUInt16BE(fields.type, 6);
  head.writeBigUInt64BE(fields.cookie, 8);
  head.writeBigUInt64BE(BigInt(fields.offset ?? 0), 16);
  head.writeUInt32BE(fields.length ?? fields.payload?.length ?? 0, 24);
  return Buffer.concat([head, fields.payload ?? new Uint8Array(0)]);
}
