/** The order in which nodes are listed: case does not matter, and digits count as numbers ("node2" before "node10"). */
export function compareNames(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (isDigit(a, i) && isDigit(b, j)) {
      const [left, afterLeft] = digits(a, i);
      const [right, afterRight] = digits(b, j);
      if (left !== right) return left < right ? -1 : 1;
      i = afterLeft;
      j = afterRight;
    } else {
      const left = lower(a.charCodeAt(i++));
      const right = lower(b.charCodeAt(j++));
      if (left !== right) return left < right ? -1 : 1;
    }
  }
  if (i >= a.length && j < b.length) return -1;
  return i < a.length && j >= b.length ? 1 : 0;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function digits(text: string, from: number): [value: number, after: number] {
  let end = from;
  while (end < text.length && isDigit(text, end)) end++;
  return [Number(text.slice(from, end)), end];
}

function lower(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}
