// Puts the parts of a terminal together and starts them; whatever fails, nothing stays open.

import { checkOptions } from "./check-options.js";
import { ConnectionWatch } from "./client/connection.js";
import { GatewayClient } from "./client/gateway.js";
import { HttpClient } from "./client/http-client.js";
import type { Journal } from "./client/journal.js";
import { OwedReversals } from "./client/owed-reversals.js";
import { ProfileKeeper } from "./client/profile.js";
import { systemClock, systemRandom } from "./clock.js";
import type { TerminalContext } from "./context.js";
import { EventHub } from "./events.js";
import {
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
  const http = new HttpClient({ gateway: options.gateway, credentials, clock });
  const journal = await resolveJournal({ given: options.journal, clock });
  const watch = new ConnectionWatch({ hub, onBack: () => owed.retryNow() });
  const gateway = new GatewayClient({ http, observe: (exchange) => watch.observe(exchange) });
  const send = (id: string) => gateway.reverse({ id, reason: "automatic" }, deadlines.reversalMs);
  const owed = new OwedReversals({ send, journal, clock, hub });
  const profile = new ProfileKeeper({ ask: () => gateway.profile(deadlines.profileMs) });
  const status = (id: string) => gateway.status(id, deadlines.reversalMs);
  const recovered = new RecoveredSales({ status, journal, owed, clock, hub });
  try {
    const asked = profile.refresh();
    const readers = await ReaderBank.open({ readers: options.readers, clock, hub });
    const gatewayAnswers = (await asked).kind === "answer";
    reverseTheDoubtful(journal, owed);
    const checked = recovered.start();
    // A gateway that is away keeps no terminal from opening: then the checks go on by themselves.
    if (gatewayAnswers) await checked;
    return {
      clock,
      random,
      hub,
      deadlines,
      gateway,
      profile,
      readers,
      pinPad,
      journal,
      owed,
      recovered,
    };
  } catch (thrown) {
    gateway.close();
    await journal.close();
    throw thrown;
  }
}

/** Nothing is resent after a crash: what was in doubt is reversed. */
function reverseTheDoubtful(journal: Journal, owed: OwedReversals): void {
  for (const id of journal.owedReversals()) {
    // How it ends is told by events and kept by the journal; nobody of this run waits for it.
    void owed.owe({ id, reason: "in doubt when the terminal was last open" });
  }
}
