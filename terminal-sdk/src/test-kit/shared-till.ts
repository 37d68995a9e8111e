// Tills that share one journal: each opens, sells, captures, reverses, is paused or dies.

import type { AuthorizationRequest, TerminalProfile } from "@pass-tpe/protocol";
import { runCapture } from "../after-sale/capture.js";
import { runReversal } from "../after-sale/reversal.js";
import { ConnectionWatch } from "../client/connection.js";
import type { Exchange } from "../client/exchange.js";
import type { GatewayClient } from "../client/gateway.js";
import { Journal } from "../client/journal.js";
import type { JournalAttempt } from "../client/journal-state.js";
import { owedCaptures, owedRefunds } from "../client/owed-after-sale.js";
import { owedReversals } from "../client/owed-reversals.js";
import { ProfileKeeper } from "../client/profile.js";
import type { TerminalContext } from "../context.js";
import { DEFAULT_DEADLINES } from "../deadlines.js";
import type { TerminalDisk } from "../disk.js";
import { PassTpeError } from "../errors.js";
import { EventHub, type TerminalEvent } from "../events.js";
import { ReaderBank } from "../sale/reader-bank.js";
import { RecoveredSales } from "../sale/recovered.js";
import { runSale } from "../sale/sale.js";
import { letGo } from "../terminal/let-go.js";
import { TakeOver } from "../terminal/take-over.js";
import { UnderWay } from "../terminal/under-way.js";
import { SALE } from "./bench.js";
import { PROFILE } from "./fixtures.js";
import type { Lane } from "./lanes.js";
import type { Account, Ledger, Shown } from "./shared-ledger.js";

type Draw = (below: number) => number;

interface Drawn {
  readonly account: Account;
  readonly draw: Draw;
}

/** One open terminal of a till, made of the SDK's own parts, on a wire of steps. */
export class SharedTill {
  readonly #context: TerminalContext;
  readonly #underWay: UnderWay;
  readonly #account: Account;
  readonly #takeOver: TakeOver;
  readonly #draw: Draw;
  #closing: Promise<void> | null = null;

  private constructor(context: TerminalContext, { account, draw }: Drawn) {
    this.#context = context;
    this.#draw = draw;
    this.#account = account;
    this.#underWay = new UnderWay(context);
    this.#takeOver = new TakeOver({ context, close: () => this.close() });
    // Whoever is told of a sale of an earlier run lets it stand now, or leaves it to be told again.
    context.hub.on("recovered", ({ id }) => {
      if (draw(2) === 0 && !this.isClosed) void this.#acknowledge(id);
    });
  }

  /**
   * @param options.net carries what has left, whatever becomes of its sender.
   * @param options.spoil changes the journal, to show that a test sees what is built wrong.
   */
  static async open(options: {
    lane: Lane;
    net: Lane;
    disk: TerminalDisk;
    ledger: Ledger;
    account: Account;
    draw: Draw;
    takeOver: boolean;
    spoil: (journal: Journal) => Journal;
  }): Promise<SharedTill> {
    const { lane, disk, account, draw, takeOver, spoil } = options;
    const { clock } = lane;
    const journal = spoil(await Journal.open({ path: "journal", disk, clock, takeOver }));
    const hub = new EventHub({ clock });
    hub.on("*", (event) => note(account, event));
    const gateway = wireTo(options) as unknown as GatewayClient;
    const deadlines = DEFAULT_DEADLINES;
    const { reversalMs: timeoutMs } = deadlines;
    const owed = owedReversals({
      send: (one) => gateway.reverse(one, timeoutMs),
      journal,
      clock,
      hub,
      onEnded: () => captures.goOn(),
    });
    const parts = { gateway, journal, clock, hub, timeoutMs };
    const captures = owedCaptures(parts);
    const status = (id: string) => gateway.status(id, timeoutMs);
    const context: TerminalContext = {
      clock,
      hub,
      connection: new ConnectionWatch({ hub, clock, onBack: () => undefined }),
      gateway,
      deadlines,
      journal,
      owed,
      random: (size) => Uint8Array.from({ length: size }, () => draw(256)),
      profile: new ProfileKeeper({ ask: () => gateway.profile(timeoutMs), clock }),
      readers: await ReaderBank.open({ readers: [], clock, hub }),
      pinPad: null,
      captures,
      refunds: owedRefunds(parts),
      capturesUnderWay: new Map(),
      refundsUnderWay: new Set(),
      recovered: new RecoveredSales({ status, journal, owed, clock, hub }),
      renewal: null,
    };
    for (const id of journal.owedReversals()) void owed.owe({ id, reason: "in doubt" });
    for (const id of journal.owedCaptures()) void context.captures.owe({ id, reason: "begun" });
    void context.recovered.start();
    return new SharedTill(context, { account, draw });
  }

  get isClosed(): boolean {
    return this.#closing !== null;
  }

  /** Nothing is left to be sent, and each approval of an earlier run is told. */
  get isSettled(): boolean {
    const { journal, recovered } = this.#context;
    return (
      journal.owedReversals().length === 0 &&
      journal.owedCaptures().length === 0 &&
      recovered.list().length === journal.unacknowledged().length
    );
  }

  /** What its journal knows. */
  get sales(): readonly JournalAttempt[] {
    return this.#context.journal.sales();
  }

  /** Sells or holds once; keeps, captures or reverses that; and notes what the till was shown each time. */
  async sell(): Promise<void> {
    const context = this.#context;
    const request = { ...SALE, proofRef: "an earlier tap", capture: this.#draw(2) === 0 };
    const run = (signal: AbortSignal) => runSale({ context, request, signal });
    const result = await refusable(
      this.#underWay.operate({ kind: "sale", signal: undefined, run }),
    );
    if (result?.id === undefined) return;
    const { id, outcome } = result;
    this.#show(id, result.outcome === "approved" && result.hold ? "held" : outcome);
    if (outcome !== "approved") return;
    const wish = this.#draw(3);
    if (wish === 0) await this.#reverse(id);
    else if (request.capture) await this.#acknowledge(id);
    else if (wish === 1) await this.#capture(id);
  }

  async #reverse(id: string): Promise<void> {
    this.#show(id, "reversal begun");
    const reversing = runReversal({ context: this.#context, id });
    const result = await refusable(this.#underWay.track(reversing));
    if (result?.outcome === "reversed") this.#show(id, "reversed");
    if (result?.outcome === "unknown") this.#show(id, "reversal owed");
  }

  async #capture(id: string): Promise<void> {
    this.#show(id, "capture begun");
    const capturing = runCapture({ context: this.#context, id, part: {} });
    const result = await refusable(this.#underWay.track(capturing));
    if (result?.outcome === "unknown") this.#show(id, "capture owed");
    if (result?.outcome !== "captured") return;
    this.#show(id, "approved");
    await this.#acknowledge(id);
  }

  async #acknowledge(id: string): Promise<void> {
    const { clock, journal } = this.#context;
    const record = { type: "acknowledged", id, atMs: clock.nowMs() } as const;
    await refusable(this.#underWay.track(journal.append(record)));
  }

  #show(id: string, shown: Shown): void {
    this.#account.shown.set(id, shown);
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      await this.#underWay.end();
      this.#takeOver.tellIfAsked();
      await letGo(this.#context, { devicesMs: 1 });
    })();
    return this.#closing;
  }
}

/** Null where the terminal refused to begin, or its journal is another till's by now. */
async function refusable<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (thrown) {
    if (thrown instanceof PassTpeError) return null;
    throw thrown;
  }
}

function note(account: Account, event: TerminalEvent): void {
  if (event.type === "recovered") account.recovered.add(event.id);
  if (event.type === "takenOver") account.takenOver.push(event.reason);
}

const never = new Promise<never>(() => undefined);

/** A request may arrive long after it left, or never, and so may its answer. */
function wireTo(options: { lane: Lane; net: Lane; ledger: Ledger; draw: Draw }) {
  const { lane, net, ledger, draw } = options;
  const { clock } = lane;
  const ask = async (
    decide: () => Record<string, unknown>,
    timeoutMs: number,
  ): Promise<Exchange<unknown>> => {
    const fate = draw(10);
    const answered = (async () => {
      // Until here it may be paused: the check of its lease is past.
      await lane.step(() => undefined);
      if (fate === 0) await never;
      if (fate < 3) await new Promise<void>((resolve) => net.clock.after(draw(10_000), resolve));
      const body = await net.step(decide);
      if (fate === 3) await never;
      await lane.step(() => undefined);
      return { kind: "answer", body } as const;
    })();
    const silence = new Promise<Exchange<unknown>>((resolve) => {
      clock.after(timeoutMs, () => resolve({ kind: "noAnswer", reason: "silence" }));
    });
    return Promise.race([answered, silence]);
  };
  return {
    authorize: (request: AuthorizationRequest, timeoutMs: number) =>
      ask(() => ledger.authorize(request), timeoutMs),
    capture: ({ id }: { id: string }, timeoutMs: number) =>
      ask(() => ledger.capture(id), timeoutMs),
    reverse: ({ id }: { id: string }, timeoutMs: number) =>
      ask(() => ledger.reverse(id), timeoutMs),
    status: (id: string, timeoutMs: number) => ask(() => ledger.status(id), timeoutMs),
    profile: async (): Promise<Exchange<TerminalProfile>> => ({ kind: "answer", body: PROFILE }),
    close: () => undefined,
  };
}
