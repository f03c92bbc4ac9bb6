export type Lack = { readonly what: string; readonly remedy: string };

export type Machine = {
  /** For example "linux x64". */
  readonly platform: string;
  readonly isRoot: boolean;
  canOpen(path: string): boolean;
  canMakeNamespaces(): boolean;
  knowsFileSystem(name: string): boolean;
};

export function machineLacks(machine?: Machine): readonly Lack[];
export function thisMachine(): Machine;
