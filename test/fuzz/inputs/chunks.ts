/** A stream in pieces, as TCP delivers it. */

/** The lengths follow from the bytes alone: mostly some dozens, now and then one byte or all the rest. */
export function* chunksOf(stream: Uint8Array): Generator<Uint8Array> {
  let state = (stream.length * 2654435761 + (stream[stream.length >> 1] ?? 0) * 40503) >>> 0;
  for (let at = 0; at < stream.length; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const kind = state >>> 29;
    const length = kind === 0 ? 1 : kind === 7 ? stream.length : 1 + ((state >>> 8) % 48);
    // A slice has memory of its own: a decoder that reads behind its chunk reads nothing.
    yield stream.slice(at, at + length);
    at += length;
  }
}
