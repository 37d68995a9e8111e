// Runs one command inside the open transaction: stored answer, or read, verify, decide, apply.

import type { Evidence } from "@pass-tpe/protocol";
import { GATEWAY_DEADLINE_MS } from "@pass-tpe/protocol";
import {
  authorizationAnswer,
  inquiryAnswer,
  refusedAsReversed,
  reversalAnswer,
} from "../core/answers.js";
import { assert } from "../core/assert.js";
import { decide, RULES_VERSION } from "../core/decide.js";
import type { Request } from "../core/decision.js";
import type { Answer, Command, OpenedEvidence } from "../core/ports.js";
import { reverse } from "../core/reverse.js";
import {
  type AttemptRow,
  type Change,
  type StoredAttempt,
  TransactionLostError,
} from "./driver.js";
import type { StoreOptions } from "./options.js";
import { storedInput } from "./stored-input.js";

/** The random bytes of a `proofRef`, 22 characters in base64url. */
const PROOF_REF_BYTES = 16;

const UNTIMED = { queueMs: 0, decideMs: 0, commitMs: 0 };

export interface Ran {
  readonly answer: Answer;
  readonly startedMs: number;
  readonly decideMs: number;
}

type PresentingCommand = Extract<Command, { type: "authorize" | "inquire" }>;
type ReverseCommand = Extract<Command, { type: "reverse" }>;

/** Builds the function that runs one command. A bug in it is contained: the answer says so, and nothing is stored. */
export function createAttemptRunner<Opened extends OpenedEvidence>(
  options: StoreOptions<Opened>,
): (command: Command) => Promise<Ran> {
  const { driver, verifier, programme, clock, random } = options;

  async function run(command: Command): Promise<Ran> {
    const startedMs = clock.monotonicMs();
    const answer = await contained(() =>
      command.type === "reverse" ? runReversal(command) : runPresentation(command, startedMs),
    );
    return { answer, startedMs, decideMs: clock.monotonicMs() - startedMs };
  }

  async function runPresentation(command: PresentingCommand, startedMs: number): Promise<Answer> {
    const { terminalId } = command;
    const { id, evidence } = command.request;
    const waitedMs = startedMs - command.receivedAtMonotonicMs;
    const request = coreRequest({ command, waitedMs, proofRef: newProofRef() });
    const fingerprint = verifier.fingerprint({ evidence, ...whatIsAsked(request) });
    const stored = await driver.findAttempt(terminalId, id);
    if (stored) return answerAgain({ stored, fingerprint, request });
    return decideNew({ terminalId, request, evidence, fingerprint });
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
    const rows = await driver.readCase({ terminalId, locator, appCodeKey });
    assert(rows, `terminal ${terminalId} was authenticated and is gone`);
    const { snapshot, credential } = rows;
    const { account } = snapshot;
    const nowMs = Math.max(clock.nowMs(), account?.lastDecisionAtMs ?? 0);
    const facts = verifier.verify({ opened, snapshot, credential, nowMs });
    const decided = decide({ request, facts, snapshot, nowMs, programme });
    const context = { snapshot, programme, nowMs };
    const answer =
      request.kind === "authorization"
        ? authorizationAnswer(request, decided, context)
        : inquiryAnswer(request.id, decided, context);
    const attempt: AttemptRow = {
      terminalId,
      id: request.id,
      kind: request.kind,
      state: decided.approved ? "approved" : "declined",
      fingerprint,
      code: decided.code,
      accountId: account?.id ?? null,
      avantage: request.avantage,
      decidedAtMs: nowMs,
      programmeHash: programme.hash,
      rulesVersion: RULES_VERSION,
      input: storedInput({ request, facts, snapshot, nowMs }),
      answer: JSON.stringify(answer),
    };
    await driver.apply(changeOf({ attempt, effects: decided.effects, clockMs: clock.nowMs() }));
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
    if (attempt.state === "reversed") {
      if (request.kind === "inquiry") return { type: "conflict" };
      assert(reversal, "a reversed attempt has its reversal");
      const answer = refusedAsReversed({ request, programme, nowMs: reversal.atMs });
      return {
        type: "decision",
        answer,
        code: "ALREADY_REVERSED",
        replayed: true,
        timings: UNTIMED,
      };
    }
    assert(attempt.answer !== null, "only a tombstone has no answer");
    const answer = JSON.parse(attempt.answer);
    return { type: "decision", answer, code: attempt.code, replayed: true, timings: UNTIMED };
  }

  async function runReversal(command: ReverseCommand): Promise<Answer> {
    const { terminalId, id, reason } = command;
    const stored = await driver.findAttempt(terminalId, id);
    if (stored?.reversal) {
      const answer = JSON.parse(stored.reversal.answer);
      return { type: "decision", answer, code: "REVERSED", replayed: true, timings: UNTIMED };
    }
    const debits = stored ? await driver.readDebits(terminalId, id) : [];
    const attempt = stored ? { state: stored.attempt.state, debits } : null;
    const { code, mark, figures, effects } = reverse({ reason, attempt });
    if (mark === "none") return { type: "notFound" };
    const nowMs = Math.max(clock.nowMs(), stored?.attempt.decidedAtMs ?? 0);
    const avantage = stored?.attempt.avantage ?? null;
    const avantageLabel =
      avantage === null ? null : (programme.avantages.get(avantage)?.label ?? avantage);
    const answer = reversalAnswer({ id, figures, avantageLabel, programme, nowMs });
    const change: Change = {
      terminalId,
      attemptId: id,
      accountId: stored?.attempt.accountId ?? null,
      atMs: nowMs,
      clockMs: clock.nowMs(),
      effects,
      attempt: stored ? null : tombstone({ terminalId, id, nowMs }),
      reversal: { terminalId, id, reason, atMs: nowMs, answer: JSON.stringify(answer) },
    };
    await driver.apply(change);
    return { type: "decision", answer, code, replayed: false, timings: UNTIMED };
  }

  function tombstone(at: { terminalId: string; id: string; nowMs: number }): AttemptRow {
    return {
      terminalId: at.terminalId,
      id: at.id,
      kind: "tombstone",
      state: "reversed",
      fingerprint: null,
      code: "REVERSED",
      accountId: null,
      avantage: null,
      decidedAtMs: at.nowMs,
      programmeHash: programme.hash,
      rulesVersion: RULES_VERSION,
      input: null,
      answer: null,
    };
  }

  function newProofRef(): string {
    return Buffer.from(random.bytes(PROOF_REF_BYTES)).toString("base64url");
  }

  return run;
}

/** A bug loses its own sale and no other; what ends the whole transaction goes on up. */
async function contained(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TransactionLostError) throw error;
    return { type: "bug", error };
  }
}

function changeOf(input: {
  readonly attempt: AttemptRow;
  readonly effects: Change["effects"];
  readonly clockMs: number;
}): Change {
  const { attempt, effects, clockMs } = input;
  return {
    terminalId: attempt.terminalId,
    attemptId: attempt.id,
    accountId: attempt.accountId,
    atMs: attempt.decidedAtMs,
    clockMs,
    effects,
    attempt,
    reversal: null,
  };
}

/** What makes two requests the same: everything but how long they may take, with defaults filled in. */
function whatIsAsked(request: Request): object {
  const { waitedMs: _waited, deadlineMs: _deadline, proofRef: _drawn, ...asked } = request;
  return asked;
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
  const { avantage, exact = false } = command.request;
  return { kind: "authorization", avantage, exact, ...common };
}
