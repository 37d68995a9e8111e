// Puts the parts of a terminal together and starts them; whatever fails, nothing stays open.

import { checkOptions } from "./check-options.js";
import { ConnectionWatch } from "./client/connection.js";
import { GatewayClient } from "./client/gateway.js";
import { HttpClient } from "./client/http-client.js";
import type { Journal } from "./client/journal.js";
import { owedCaptures, owedRefunds } from "./client/owed-after-sale.js";
import { owedReversals } from "./client/owed-reversals.js";
import { ProfileKeeper } from "./client/profile.js";
import { systemClock, systemRandom } from "./clock.js";
import type { TerminalContext } from "./context.js";
import { identityOf } from "./credentials.js";
import { newPrivateKey } from "./enrolment/private-key.js";
import { Renewal } from "./enrolment/renewal.js";
import { EventHub } from "./events.js";
import {
  renewalHome,
  resolveCredentials,
  resolveDeadlines,
  resolveJournal,
  type TerminalOptions,
} from "./options.js";
import { ReaderBank } from "./sale/reader-bank.js";
import { RecoveredSales } from "./sale/recovered.js";

/**
 * Opens journal, readers and connection. A gateway that does not answer keeps no terminal from opening.
 *
 * @throws PassTpeError for options, credentials, journal and readers that cannot be used.
 */
export async function assemble(options: TerminalOptions): Promise<TerminalContext> {
  checkOptions(options);
  const { clock = systemClock, random = systemRandom, pinPad = null } = options;
  const deadlines = resolveDeadlines(options.deadlines);
  const credentials = await resolveCredentials(options.credentials);
  const hub = new EventHub({ clock });
  const http = new HttpClient({ ...options, credentials, clock });
  const journal = await resolveJournal({ ...options, given: options.journal, clock });
  const connection = new ConnectionWatch({
    hub,
    clock,
    onBack: () => {
      for (const queue of [owed, captures, refunds]) queue.retryNow();
    },
  });
  const gateway = new GatewayClient({
    http,
    observe: (asks) => connection.begins(asks),
  });
  const owed = owedReversals({
    send: (reversal) => gateway.reverse(reversal, deadlines.reversalMs),
    journal,
    clock,
    hub,
    // A capture that rested meanwhile goes on.
    onEnded: () => captures.goOn(),
  });
  const parts = { gateway, journal, clock, hub, timeoutMs: deadlines.reversalMs };
  const captures = owedCaptures(parts);
  const refunds = owedRefunds(parts);
  const profile = new ProfileKeeper({ ask: () => gateway.profile(deadlines.profileMs), clock });
  const status = (id: string) => gateway.status(id, deadlines.reversalMs);
  const recovered = new RecoveredSales({ status, journal, owed, clock, hub });
  const renewal =
    credentials === undefined
      ? null
      : new Renewal({
          gateway: options.gateway,
          http,
          credentials,
          home: renewalHome(options),
          pinPad,
          clock,
          hub,
          timeoutMs: deadlines.profileMs,
          newPrivateKey,
        });
  try {
    await journal.bindTo(credentials === undefined ? null : identityOf(credentials));
    await renewal?.resume();
    const asked = profile.refresh();
    const readers = await ReaderBank.open({ readers: options.readers, clock, hub });
    const gatewayAnswers = (await asked).kind === "answer";
    takeUpDebts({ journal, owed, captures, refunds });
    tellUnheardRefunds(journal, hub);
    const checked = recovered.start();
    // A gateway that is away keeps no terminal from opening: then the checks go on by themselves.
    if (gatewayAnswers) await checked;
    return {
      clock,
      random,
      hub,
      connection,
      deadlines,
      gateway,
      profile,
      readers,
      pinPad,
      journal,
      owed,
      captures,
      refunds,
      capturesUnderWay: new Map(),
      refundsUnderWay: new Set(),
      recovered,
      renewal,
    };
  } catch (thrown) {
    gateway.close();
    await journal.close();
    throw thrown;
  }
}

/**
 * No sale is resent after a crash: what was in doubt is reversed. A capture or refund that was begun is sent on: the
 * merchant wanted it. How each ends is told by events and kept by the journal; nobody of this run waits for it.
 */
function takeUpDebts(options: Pick<TerminalContext, "journal" | "owed" | "captures" | "refunds">) {
  const { journal, owed, captures, refunds } = options;
  const reason = "in doubt when the terminal was last open";
  for (const id of journal.owedReversals()) void owed.owe({ id, reason });
  for (const id of journal.owedCaptures()) void captures.owe({ id, reason });
  for (const { owed: debt } of journal.owedRefunds()) void refunds.owe({ id: debt.id, reason });
}

/** Refunds whose answer the last run kept and may have had no time to hand out. */
function tellUnheardRefunds(journal: Journal, hub: EventHub): void {
  for (const { owed, done, acknowledgedAtMs } of journal.refunds()) {
    if (done === undefined || acknowledgedAtMs !== undefined) continue;
    const { id, of } = owed;
    const { code, returned } = done;
    hub.emit("refundDone", { id, of, code, ...(returned === undefined ? {} : { returned }) });
  }
}
