/** Datagrams between the nodes of a cluster, over the media that ha.cf names. */

/** One medium: a line `bcast`, `ucast` or `mcast` of ha.cf. Addresses are IPv4. */
export type Medium =
  | { readonly kind: "bcast"; readonly interface: string }
  | { readonly kind: "ucast"; readonly interface: string; readonly address: string }
  | {
      readonly kind: "mcast";
      readonly interface: string;
      readonly group: string;
      /** Where it is another than the cluster's. */
      readonly port: number | undefined;
      readonly ttl: number;
      readonly loop: boolean;
    };

export type Datagrams = {
  /**
   * Opens all media. An interface that is not there yet is no error: it is told as trouble, and tried again each
   * second. Rejects with a UserError when a port is in use (HF3040) or may not be opened (HF3042).
   */
  open(
    options: { readonly media: readonly Medium[]; readonly port: number },
    listener: DatagramListener,
  ): Promise<DatagramSender>;
};

export type DatagramListener = {
  /** `path` is the interface by which it came, the same name for all media of one interface. */
  datagram(path: string, address: string, bytes: Uint8Array): void;
  /** The IPv4 addresses of this host's interfaces among the media, in their order: at the start and at each change. */
  addresses(addresses: readonly string[]): void;
  /** A medium does not work from now on (with code, message and remedy), or works again (undefined). */
  trouble(path: string, trouble: DatagramTrouble | undefined): void;
};

export type DatagramTrouble = {
  readonly code: "HF3040" | "HF3041" | "HF3042" | "HF3044";
  readonly message: string;
  readonly remedy: string;
};

export type DatagramSender = {
  /** On every medium. Never fails: a datagram can be lost, and trouble is told to the listener. */
  send(bytes: Uint8Array): void;
  /** Resolves when nothing is received any more. What was sent before is on its way. */
  close(): Promise<void>;
};
