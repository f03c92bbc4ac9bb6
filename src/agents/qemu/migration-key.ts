/**
 * A migration's memory goes through TLS with a key of its own that both nodes make from what only they know: nobody
 * else can read it, and nobody else can send one (QEMU's docs/system/tls.rst, "Pre-Shared Keys (PSK)").
 */
import { assert } from "../../base/assert.ts";
import { err, ok, type Result } from "../../base/result.ts";
import type { QemuContext } from "./qemu-ports.ts";
import type { QmpClient } from "./qmp-client.ts";
import { runPaths } from "./run-paths.ts";

const objectId = "migration-key";
const userName = "holdfast";

/** Gives QEMU the key of migration `id` and makes it use it. */
export async function useMigrationKey(
  context: QemuContext,
  client: QmpClient,
  options: { readonly guest: string; readonly id: string; readonly endpoint: "client" | "server" },
): Promise<Result<void>> {
  const key = context.migrationKey(options.id);
  assert(/^([0-9a-f]{2}){16,}$/.test(key), "a migration's key is at least 16 bytes as hex digits");
  const paths = runPaths(context.directories, options.guest);
  await context.files.write(paths.key, `${userName}:${key}\n`);
  // Of an earlier migration that was not completed; there may be none.
  await client.execute("object-del", { id: objectId });
  const added = await client.execute("object-add", {
    "qom-type": "tls-creds-psk",
    id: objectId,
    dir: paths.keyDirectory,
    endpoint: options.endpoint,
    ...(options.endpoint === "client" ? { username: userName } : {}),
  });
  // The server reads its file only when the client comes.
  if (options.endpoint === "client") await context.files.remove(paths.key);
  if (!added.ok) return err(`QEMU does not take the migration's key: ${added.error.description}`);
  const set = await client.execute("migrate-set-parameters", {
    "tls-creds": objectId,
    "tls-hostname": "",
  });
  return set.ok ? ok(undefined) : err(`QEMU does not use the key: ${set.error.description}`);
}

/** The capabilities that are wanted, on; QEMU's docs/devel/migration.rst says what each does. */
export async function setCapabilities(
  client: QmpClient,
  names: readonly string[],
): Promise<Result<void>> {
  const capabilities = names.map((capability) => ({ capability, state: true }));
  const set = await client.execute("migrate-set-capabilities", { capabilities });
  return set.ok
    ? ok(undefined)
    : err(`QEMU lacks what a migration needs: ${set.error.description}`);
}
