// Watches the gateway's own certificates while it runs: says in time when one ends, and makes the server's anew.

import type { Clock, Closed } from "./core/ports.js";
import { endsAtMs, type Identity } from "./crypto/authority.js";
import type { DataFolder } from "./data-folder.js";
import type { Logger } from "./http/observe.js";

const DAY_MS = 24 * 3_600_000;
/** What was not looked at by a clock that jumped is looked at so soon. */
const AGAIN_MS = 60_000;
/** The server's is made anew long before: when it comes so near, that has failed. */
const SERVER_WARNING_MS = 30 * DAY_MS;
/** To replace the authority every terminal is enrolled again, which takes months. */
const AUTHORITY_WARNING_MS = 365 * DAY_MS;

interface WatchOptions {
  readonly folder: Pick<DataFolder, "server" | "keys" | "renewServer">;
  /** Shows another certificate from the next handshake on; connections that stand go on. */
  readonly present: (server: Identity) => void;
  readonly clock: Pick<Clock, "nowMs">;
  /** Why nothing may be stamped with the clock just now; null where it may. Always believed by default. */
  readonly clockClosed?: () => Closed | null;
  readonly log: Pick<Logger, "info" | "warn" | "error">;
  /** Runs something later, once, and holds up no end of the process; returns what calls it off. */
  readonly after?: (delayMs: number, run: () => void) => () => void;
}

interface CertificateWatch {
  /** Looks now, and at most once at a time. Never throws: what fails is logged, and tried again a day later. */
  look(): Promise<void>;
  /** How long each certificate lasts, in milliseconds; below zero where it is over. */
  lastsMs(): { readonly server: number; readonly authority: number };
  close(): Promise<void>;
}

function afterTimeout(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
}

/** Starts to watch: looks at once, then once a day. */
export function watchCertificates(options: WatchOptions): CertificateWatch {
  const { folder, present, clock, log, after = afterTimeout } = options;
  const { clockClosed = () => null } = options;
  const ends = {
    server: endsAtMs(folder.server.certificate),
    authority: endsAtMs(folder.keys.authority.certificate),
  };
  let last = Promise.resolve();
  let closed = false;
  let callOff = () => {};

  const lastsMs = () => {
    const nowMs = clock.nowMs();
    return { server: ends.server - nowMs, authority: ends.authority - nowMs };
  };

  async function renew(): Promise<void> {
    const renewed = await folder.renewServer();
    if (renewed === null) return;
    present(renewed);
    ends.server = endsAtMs(renewed.certificate);
    log.info({ endsAtMs: ends.server }, "the gateway's certificate was made anew");
  }

  function warn(): void {
    const { server, authority } = lastsMs();
    if (authority < AUTHORITY_WARNING_MS) {
      log.warn(
        { endsAtMs: ends.authority },
        "the authority's certificate ends within a year, and every other with it. Operator: plan its replacement, see docs/OPERATORS.md, Keys",
      );
    }
    if (server < SERVER_WARNING_MS) {
      log.warn(
        { endsAtMs: ends.server },
        "the gateway's certificate ends within 30 days and was not made anew. Operator: look for the reason in this log; where it is the authority's end, replace that",
      );
    }
  }

  /** Nothing is made, or said to end, by a clock that jumped. */
  function look(): Promise<void> {
    if (clockClosed() !== null) return last;
    last = last.then(renew).catch((error: unknown) => {
      log.error(
        { err: error },
        "the gateway's certificate could not be made anew; it is tried again",
      );
    });
    last = last.then(warn);
    return last;
  }

  function lookEachDay(): void {
    const againMs = clockClosed() === null ? DAY_MS : AGAIN_MS;
    void look().then(() => {
      if (!closed) callOff = after(againMs, lookEachDay);
    });
  }

  lookEachDay();
  return {
    look,
    lastsMs,
    close() {
      closed = true;
      callOff();
      return last;
    },
  };
}
