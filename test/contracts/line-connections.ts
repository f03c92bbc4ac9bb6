/**
 * What every implementation of LineConnections keeps (ports/line-connections.ts). `serve` starts a server of the
 * other side: it gets each connection's means to send bytes and to end, and tells the lines that it received.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LineConnections } from "../../src/ports/line-connections.ts";

export type LineServer = {
  readonly path: string;
  readonly connections: LineConnections;
  /** Resolves with the first connection. */
  accepted(): Promise<ServedConnection>;
  close(): Promise<void>;
};

export type ServedConnection = {
  sendText(text: string): void;
  end(): void;
  nextLine(): Promise<string>;
};

export function lineConnectionsContract(name: string, serve: () => Promise<LineServer>): void {
  test(`${name}: lines arrive whole and in order, however they were cut, also sent before anyone listened`, async () => {
    const server = await serve();
    const connection = await server.connections.connect(server.path);
    const served = await server.accepted();
    served.sendText('{"greeting":"é');
    served.sendText('"}\r\nsecond\nthi');
    const lines = new Promise<string[]>((resolve) => {
      const got: string[] = [];
      connection.onLine((line) => {
        got.push(line);
        if (got.length === 3) resolve(got);
      });
    });
    served.sendText("rd\n");
    assert.deepEqual(await lines, ['{"greeting":"é"}', "second", "third"]);
    connection.send("answer");
    assert.equal(await served.nextLine(), "answer");
    connection.close();
    await server.close();
  });

  test(`${name}: the end of the other side is told once, and sending afterwards does no harm`, async () => {
    const server = await serve();
    const connection = await server.connections.connect(server.path);
    const served = await server.accepted();
    connection.onLine(() => undefined);
    const closed = new Promise<void>((resolve) => connection.onClose(resolve));
    served.end();
    await closed;
    connection.send("into the void");
    await new Promise<void>((resolve) => connection.onClose(resolve));
    await server.close();
  });

  test(`${name}: after close() no line is delivered, not even to those who listen to the same one`, async () => {
    const server = await serve();
    const connection = await server.connections.connect(server.path);
    const served = await server.accepted();
    const got: string[] = [];
    connection.onLine((line) => {
      got.push(`first ${line}`);
      connection.close();
    });
    connection.onLine((line) => got.push(`second ${line}`));
    const closed = new Promise<void>((resolve) => connection.onClose(resolve));
    served.sendText("a\nb\n");
    await closed;
    assert.deepEqual(got, ["first a"]);
    await server.close();
  });

  test(`${name}: nobody there is an error that names the path`, async () => {
    const server = await serve();
    await server.close();
    await assert.rejects(server.connections.connect(server.path), (error: Error) =>
      error.message.includes(server.path),
    );
  });
}
