/**
 * UTF-8, by the runtime's own encoder. TextEncoder and TextDecoder are deterministic and exist in every
 * runtime, but not in ECMAScript's own library, which is all that the pure layers see: so their few
 * members are declared here.
 */
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (
  label: string,
  options: { readonly fatal: boolean },
) => { decode(bytes: Uint8Array): string };

const encoder = new TextEncoder();
const lenientDecoder = new TextDecoder("utf-8", { fatal: false });

export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Bytes that are not UTF-8 become U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  return lenientDecoder.decode(bytes);
}
