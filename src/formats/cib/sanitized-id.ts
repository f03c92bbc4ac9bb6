/** A text made fit to be part of an id: characters that an XML name may not have become dots. */
export function sanitizedId(text: string): string {
  return text.replace(/[^A-Za-z0-9_.-]/g, ".");
}
