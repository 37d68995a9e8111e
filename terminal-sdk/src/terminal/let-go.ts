// Lets go of everything that an open terminal holds: queues, devices, connection, journal.

import { pause } from "../clock.js";
import type { TerminalContext } from "../context.js";
import { textOf } from "../errors.js";

/** Nothing is told after this. The devices are not waited for longer than `devicesMs`. */
export async function letGo(
  context: TerminalContext,
  { devicesMs }: { readonly devicesMs: number },
): Promise<void> {
  const { captures, gateway, hub, journal, owed, recovered, refunds } = context;
  const parts = [owed, captures, refunds, recovered];
  await Promise.all([...parts.map((part) => part.close()), letGoOfDevices(context, devicesMs)]);
  gateway.close();
  try {
    await journal.close();
  } catch (thrown) {
    hub.emit("journalFailed", { detail: textOf(thrown) });
    throw thrown;
  } finally {
    hub.emit("status", { status: "closed" });
    hub.end();
  }
}

/** Whatever a device does, the journal is closed: it is what the next run needs. */
async function letGoOfDevices(
  { clock, pinPad, readers }: Pick<TerminalContext, "clock" | "pinPad" | "readers">,
  delayMs: number,
): Promise<void> {
  const closing = Promise.allSettled([readers.close(), (async () => pinPad?.close())()]);
  const done = new AbortController();
  const overdue = pause({ clock, delayMs, signal: done.signal });
  const ended = await Promise.race([closing, overdue]);
  done.abort();
  if (Array.isArray(ended) && ended.every(({ status }) => status === "fulfilled")) return;
  // Without what was thrown: a pad's own message could hold what was typed.
  process.emitWarning(
    "a reader or the PIN pad did not close; if the next run cannot use it, restart the device",
    "PassTpeWarning",
  );
}
