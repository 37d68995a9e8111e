// A standby that commits wait for, by its name alone: there is none of that name.

import { onTestFinished, vi } from "vitest";
import { connectTo } from "./connect.js";

/** A transaction that writes, and nothing that anybody reads. */
const WRITE = "SELECT pg_logical_emit_message(true, 'standby', '')";

/**
 * Gives what makes commits wait for a standby of a name, or for none (""), and resolves once they do: a server's
 * processes take its settings one after the other. The test leaves none behind.
 * @param url of a server of one's own, as its superuser
 */
export async function standbyAt(url: string): Promise<(name: string) => Promise<void>> {
  const past = await connectTo(url);
  const writer = await connectTo(url);
  const { rows } = await writer.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  const pid = rows[0]?.pid;

  async function isWaiting(): Promise<boolean> {
    const { rowCount } = await past.query(
      "SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'SyncRep'",
      [pid],
    );
    return rowCount === 1;
  }

  async function doCommitsWait(): Promise<boolean> {
    let isWritten = false;
    const written = writer.query(WRITE).then(() => {
      isWritten = true;
    });
    await vi.waitUntil(async () => isWritten || (await isWaiting()), { interval: 5 });
    if (isWritten) return false;
    await past.query("SELECT pg_cancel_backend($1)", [pid]);
    await written;
    return true;
  }

  async function name(standby: string): Promise<void> {
    await past.query(`ALTER SYSTEM SET synchronous_standby_names = '${standby}'`);
    await past.query("SELECT pg_reload_conf()");
    await vi.waitUntil(async () => (await doCommitsWait()) === (standby !== ""), {
      timeout: 10_000,
    });
  }
  onTestFinished(() => name(""));
  return name;
}
