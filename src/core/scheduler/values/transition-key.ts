/** Transition keys (ACTION:TRANSITION:TARGET-RC:UUID) and magic (STATUS:RC;KEY), as operations record them. */
export type TransitionKey = {
  readonly action: number;
  readonly transition: number;
  readonly targetRc: number;
  readonly uuid: string;
};

const keyPattern = /^\s*([+-]?\d+):\s*([+-]?\d+):\s*([+-]?\d+):\s*(\S{1,36})/;
const magicPattern = /^\s*[+-]?\d+:\s*[+-]?\d+;\s*(\S+)/;

export function parseTransitionKey(text: string): TransitionKey | undefined {
  const match = keyPattern.exec(text);
  if (match === null) return undefined;
  return {
    action: Number(match[1]),
    transition: Number(match[2]),
    targetRc: Number(match[3]),
    uuid: match[4] as string,
  };
}

export function parseTransitionMagic(text: string): TransitionKey | undefined {
  const match = magicPattern.exec(text);
  return match === null ? undefined : parseTransitionKey(match[1] as string);
}
