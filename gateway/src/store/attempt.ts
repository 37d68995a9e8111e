// Runs one sale or inquiry inside the open transaction: stored answer, or read, verify, decide, apply.

import { GATEWAY_DEADLINE_MS } from "@pass-tpe/protocol";
import { authorizationAnswer, inquiryAnswer, refusedAsReversed } from "../core/answers.js";
import { assert } from "../core/assert.js";
import { decide, RULES_VERSION } from "../core/decide.js";
import type { Decided, Request } from "../core/decision.js";
import type { Facts } from "../core/facts.js";
import type { SaleState } from "../core/life.js";
import type { Answer, Command, OpenedEvidence, Presented } from "../core/ports.js";
import type { Ahead, AttemptRow, Awaitable, CaseQuery, StoredAttempt } from "./driver.js";
import { effectsDigest } from "./effects-digest.js";
import type { StoreOptions } from "./options.js";
import { lookedAt, storedInput } from "./stored-input.js";

/** The random bytes of a `proofRef`, 22 characters in base64url. */
const PROOF_REF_BYTES = 16;

/** The engine, which knows them, fills the timings in. */
export const UNTIMED = { queueMs: 0, decideMs: 0, commitMs: 0 };

type PresentingCommand = Extract<Command, { type: "authorize" | "inquire" }>;

export interface AttemptRunner {
  /** Runs one sale or inquiry, which began at a reading of the clock that never steps. */
  run(command: PresentingCommand, startedMs: number): Promise<Answer>;
  /** What that is about to read. */
  ahead(command: PresentingCommand): Ahead;
  /** Has those take their turns together that did not yet, where that is a way to a database. */
  admit(commands: readonly PresentingCommand[]): Promise<void>;
}

/** Builds what runs sales and inquiries. */
export function createAttemptRunner<Opened extends OpenedEvidence>(
  options: StoreOptions<Opened>,
): AttemptRunner {
  const { driver, verifier, programme, clock, random, dayOf } = options;
  /** How long each had to wait: a command that is run again has had its turn. */
  const admitted = new WeakMap<PresentingCommand, number>();
  const openedOf = new WeakMap<PresentingCommand, Opened>();

  async function run(command: PresentingCommand, startedMs: number): Promise<Answer> {
    const { terminalId } = command;
    const { id, evidence } = command.request;
    const waitedMs = startedMs - command.receivedAtMonotonicMs;
    const request = coreRequest({ command, waitedMs, proofRef: newProofRef() });
    const fingerprint = verifier.fingerprint({ evidence, ...whatIsAsked(request) });
    const stored = await driver.findAttempt(terminalId, id);
    if (stored) return answerAgain({ stored, fingerprint, request });
    const opened = open(command);
    const presented = presentedBy(command);
    const retryAfterMs = admitted.get(command) ?? (await waitOf(opened, presented, startedMs));
    admitted.set(command, retryAfterMs);
    if (retryAfterMs > 0) return { type: "tooMany", retryAfterMs };
    const { cardKey } = presented;
    return decideNew({ terminalId, cardKey, request, opened, fingerprint });
  }

  /** What is presented, opened once however often the command is run. */
  function open(command: PresentingCommand): Opened {
    const opened = openedOf.get(command) ?? verifier.open(command.request.evidence);
    openedOf.set(command, opened);
    return opened;
  }

  function ahead(command: PresentingCommand): Ahead {
    const { id } = command.request;
    return { id, ...caseQueryOf(command.terminalId, open(command)) };
  }

  function presentedBy(command: PresentingCommand): Presented {
    const { terminalId, request } = command;
    return { terminalId, id: request.id, cardKey: cardKeyOf(open(command)) };
  }

  async function admit(commands: readonly PresentingCommand[]): Promise<void> {
    const { admitTogether } = options;
    if (admitTogether === undefined) return;
    // A second one of the same id finds the answer of the first, and takes no turn.
    const waiting = new Map(
      commands
        .filter((command) => !admitted.has(command) && takesTurn(open(command)))
        .map((command) => [`${command.terminalId} ${command.request.id}`, command]),
    );
    if (waiting.size === 0) return;
    const asking = [...waiting.values()];
    const waitsMs = await admitTogether(asking.map(presentedBy));
    for (const [at, command] of asking.entries()) {
      const waitMs = waitsMs[at] ?? null;
      if (waitMs !== null) admitted.set(command, waitMs);
    }
  }

  function caseQueryOf(terminalId: string, { locator, appCodeKey }: Opened): CaseQuery {
    return { terminalId, locator, appCodeKey, salesSinceMs: salesSinceMs() };
  }

  /** How long it must wait, in milliseconds. */
  function waitOf(opened: Opened, presented: Presented, monotonicMs: number): Awaitable<number> {
    return takesTurn(opened) ? (options.admit?.(presented, monotonicMs) ?? 0) : 0;
  }

  /** Read from the clock: the instant of the decision is never before it. */
  function salesSinceMs(): number | null {
    const { velocity } = programme.settings;
    return velocity && clock.nowMs() - velocity.withinMs;
  }

  async function decideNew(input: {
    readonly terminalId: string;
    readonly cardKey: string | null;
    readonly request: Request;
    readonly opened: Opened;
    readonly fingerprint: Uint8Array;
  }): Promise<Answer> {
    const { terminalId, cardKey, request, opened, fingerprint } = input;
    const rows = await driver.readCase(caseQueryOf(terminalId, opened));
    assert(rows, `terminal ${terminalId} was authenticated and is gone`);
    const { snapshot, credential, sealedNumber } = rows;
    const { account } = snapshot;
    const nowMs = Math.max(clock.nowMs(), account?.lastDecisionAtMs ?? 0);
    const day = dayOf(nowMs);
    const facts = verifier.verify({ opened, snapshot, credential, sealedNumber, nowMs });
    const decided = decide({ request, facts, snapshot, nowMs, day, programme });
    const context = { snapshot, programme, nowMs };
    const seen = lookedAt(request, snapshot, decided);
    const kept = { request, facts: withoutHint(facts, decided), snapshot: seen, nowMs, day };
    const answer =
      request.kind === "authorization"
        ? authorizationAnswer(request, decided, context)
        : inquiryAnswer(request.id, decided, context);
    const attempt: AttemptRow = {
      terminalId,
      id: request.id,
      kind: request.kind,
      state: stateOf(decided),
      fingerprint,
      code: decided.code,
      accountId: account?.id ?? null,
      partnerId: snapshot.partner?.id ?? null,
      avantage: request.avantage,
      decidedAtMs: nowMs,
      programmeHash: programme.hash,
      rulesVersion: RULES_VERSION,
      input: storedInput(kept),
      effectsDigest: effectsDigest(decided.effects),
      answer: JSON.stringify(answer),
    };
    await driver.apply({
      terminalId,
      attemptId: attempt.id,
      accountId: attempt.accountId,
      atMs: nowMs,
      clockMs: clock.nowMs(),
      effects: decided.effects,
      attempt,
      reversal: null,
      operation: null,
    });
    const { code } = decided;
    return { type: "decision", answer, code, replayed: false, cardKey, timings: UNTIMED };
  }

  /** The same id again: the stored answer, whatever has changed since; never an approval that was reversed. */
  function answerAgain(input: {
    readonly stored: StoredAttempt;
    readonly fingerprint: Uint8Array;
    readonly request: Request;
  }): Answer {
    const { request } = input;
    const { attempt, reversal } = input.stored;
    const sameRequest =
      attempt.fingerprint === null ||
      Buffer.from(attempt.fingerprint).equals(Buffer.from(input.fingerprint));
    if (!sameRequest) return { type: "conflict" };
    const replay = { type: "decision", replayed: true, timings: UNTIMED } as const;
    if (attempt.state === "reversed") {
      if (request.kind === "inquiry") return { type: "conflict" };
      assert(reversal, "a reversed attempt has its reversal");
      const answer = refusedAsReversed({ request, programme, nowMs: reversal.atMs });
      return { ...replay, answer, code: "ALREADY_REVERSED" };
    }
    assert(attempt.answer !== null, "only a tombstone has no answer");
    return { ...replay, answer: JSON.parse(attempt.answer), code: attempt.code };
  }

  function newProofRef(): string {
    return Buffer.from(random.bytes(PROOF_REF_BYTES)).toString("base64url");
  }

  return { run, ahead, admit };
}

/** A `proofRef` names a presentation that had its turn, and cannot be guessed. */
const takesTurn = ({ locator }: OpenedEvidence): boolean => locator?.by !== "proof";

/** What did not open names nobody: such presentations are not one card's. */
function cardKeyOf({ locator, isNamed }: OpenedEvidence): string | null {
  if (!isNamed || locator === null || locator.by === "proof") return null;
  return Buffer.from(locator.index).toString("hex");
}

/**
 * What is stored of a PIN that was not decided by: never that it matched. Whoever reads the database could try PINs with
 * requests that fail before the PIN's turn, and no try would be used up. The decision did not look at it either.
 */
function withoutHint(facts: Facts, { credentialPassed }: Decided): Facts {
  if (credentialPassed || !("pin" in facts) || !facts.pin) return facts;
  return { ...facts, pin: { ...facts.pin, matches: false } };
}

/** Of an inquiry that was answered, too: nothing waits for it. */
export function stateOf({ approved, code }: Pick<Decided, "approved" | "code">): SaleState {
  if (code === "APPROVED_HELD") return "held";
  return approved ? "approved" : "declined";
}

/** What makes two requests the same: everything but how long they may take, with defaults filled in. */
function whatIsAsked(request: Request): object {
  const { waitedMs: _waited, deadlineMs: _deadline, proofRef: _drawn, ...asked } = request;
  if (!("capture" in asked)) return asked;
  // A sale that is taken at once is the same request as it was before there were captures.
  const { capture, ...sale } = asked;
  return capture ? sale : asked;
}

function coreRequest(input: {
  readonly command: PresentingCommand;
  readonly waitedMs: number;
  readonly proofRef: string;
}): Request {
  const { command, waitedMs, proofRef } = input;
  const { id, purchaseCents = null, quantity = null } = command.request;
  const { deadlineMs = GATEWAY_DEADLINE_MS } = command.request;
  const common = { id, purchaseCents, quantity, waitedMs, deadlineMs, proofRef };
  if (command.type === "inquire") {
    return { kind: "inquiry", avantage: command.request.avantage ?? null, ...common };
  }
  const { avantage, exact = false, capture = true, stepUpOf } = command.request;
  const steppedUp = stepUpOf === undefined ? {} : { stepUpOf };
  return { kind: "authorization", avantage, exact, capture, ...steppedUp, ...common };
}
