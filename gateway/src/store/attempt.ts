// Runs one sale or inquiry inside the open transaction: stored answer, or read, verify, decide, apply.

import type { Evidence } from "@pass-tpe/protocol";
import { GATEWAY_DEADLINE_MS } from "@pass-tpe/protocol";
import { authorizationAnswer, inquiryAnswer, refusedAsReversed } from "../core/answers.js";
import { assert } from "../core/assert.js";
import { decide, RULES_VERSION } from "../core/decide.js";
import type { Decided, Request } from "../core/decision.js";
import type { SaleState } from "../core/life.js";
import type { Answer, Command, OpenedEvidence } from "../core/ports.js";
import type { AttemptRow, StoredAttempt } from "./driver.js";
import { effectsDigest } from "./effects-digest.js";
import type { StoreOptions } from "./options.js";
import { storedInput } from "./stored-input.js";

/** The random bytes of a `proofRef`, 22 characters in base64url. */
const PROOF_REF_BYTES = 16;

/** The engine, which knows them, fills the timings in. */
export const UNTIMED = { queueMs: 0, decideMs: 0, commitMs: 0 };

export type PresentingCommand = Extract<Command, { type: "authorize" | "inquire" }>;

/** Builds the function that runs one sale or inquiry, which began at a reading of the clock that never steps. */
export function createAttemptRunner<Opened extends OpenedEvidence>(
  options: StoreOptions<Opened>,
): (command: PresentingCommand, startedMs: number) => Promise<Answer> {
  const { driver, verifier, programme, clock, random, dayOf } = options;

  async function run(command: PresentingCommand, startedMs: number): Promise<Answer> {
    const { terminalId } = command;
    const { id, evidence } = command.request;
    const waitedMs = startedMs - command.receivedAtMonotonicMs;
    const request = coreRequest({ command, waitedMs, proofRef: newProofRef() });
    const fingerprint = verifier.fingerprint({ evidence, ...whatIsAsked(request) });
    const stored = await driver.findAttempt(terminalId, id);
    if (stored) return answerAgain({ stored, fingerprint, request });
    return decideNew({ terminalId, request, evidence, fingerprint });
  }

  /** Read from the clock: the instant of the decision is never before it. */
  function salesSinceMs(): number | null {
    const { velocity } = programme.settings;
    return velocity && clock.nowMs() - velocity.withinMs;
  }

  async function decideNew(input: {
    readonly terminalId: string;
    readonly request: Request;
    readonly evidence: Evidence;
    readonly fingerprint: Uint8Array;
  }): Promise<Answer> {
    const { terminalId, request, fingerprint } = input;
    const opened = verifier.open(input.evidence);
    const { locator, appCodeKey } = opened;
    const query = { terminalId, locator, appCodeKey, salesSinceMs: salesSinceMs() };
    const rows = await driver.readCase(query);
    assert(rows, `terminal ${terminalId} was authenticated and is gone`);
    const { snapshot, credential } = rows;
    const { account } = snapshot;
    const nowMs = Math.max(clock.nowMs(), account?.lastDecisionAtMs ?? 0);
    const day = dayOf(nowMs);
    const facts = verifier.verify({ opened, snapshot, credential, nowMs });
    const decided = decide({ request, facts, snapshot, nowMs, day, programme });
    const context = { snapshot, programme, nowMs };
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
      input: storedInput({ request, facts, snapshot, nowMs, day }),
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
    return { type: "decision", answer, code: decided.code, replayed: false, timings: UNTIMED };
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

  return run;
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
  const { avantage, exact = false, capture = true } = command.request;
  return { kind: "authorization", avantage, exact, capture, ...common };
}
