/**
 * CRC-32C (reflected polynomial 0x82F63B78) as DRBD's activity log has it: initial value 0 and no final inversion,
 * unlike the usual CRC-32C.
 */
const table: Uint32Array = makeTable();

export function rawCrc32c(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] as number);
  return crc >>> 0;
}

function makeTable(): Uint32Array {
  const out = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    let c = i;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
    out[i] = c;
  }
  return out;
}
