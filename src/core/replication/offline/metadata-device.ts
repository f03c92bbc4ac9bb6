/** What the offline operations on metadata need of a device: bytes, synchronously, in multiples of 512. */
export type MetadataDevice = {
  readonly sizeBytes: number;
  read(offset: number, length: number): Uint8Array;
  write(offset: number, bytes: Uint8Array): void;
  /** What was written is on stable storage when this returns: nothing written later gets there before it. */
  flush(): void;
};

/** The device with the data, and the one with the metadata: the same for internal metadata. */
export type MetadataDevices = {
  readonly data: MetadataDevice;
  readonly meta: MetadataDevice;
};
