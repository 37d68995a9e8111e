// What the gateway's parts need from outside: declared here, by the consumer; implemented at the edges.

import type {
  AuthorizationAnswer,
  AuthorizationRequest,
  CaptureAnswer,
  CaptureRequest,
  Evidence,
  InquiryAnswer,
  InquiryRequest,
  RefundAnswer,
  RefundRequest,
  ReversalAnswer,
  StatusAnswer,
  TillMove,
} from "@pass-tpe/protocol";
import type { Facts } from "./facts.js";
import type { Agent, LoadEvent } from "./loading/event.js";
import type { BeneficiaryFile } from "./loading/file.js";
import type { LoadRefusalCode } from "./loading/loaded.js";
import type { Snapshot, Terminal } from "./model.js";

/** The gateway's clock. It decides; a terminal's clock never does. */
export interface Clock {
  /** Unix milliseconds. May step; the account's last decision keeps `now` from running backwards. */
  nowMs(): number;
  /** Milliseconds of a clock that never steps, for durations. */
  monotonicMs(): number;
}

/** Runs something once after so many milliseconds; what it returns calls that off. */
export type After = (delayMs: number, run: () => void) => () => void;

/** Random bytes fit for secrets. */
export interface Random {
  bytes(count: number): Uint8Array;
}

/** Which card a presentation names: an index that reveals no number, or an earlier presentation. */
export type Locator =
  | { readonly by: "number" | "identifier"; readonly index: Uint8Array }
  | { readonly by: "proof"; readonly ref: string };

/** A presentation that was opened: which card it names, and what only the verifier understands. */
export interface OpenedEvidence {
  readonly locator: Locator | null;
  /** Whether the locator is of a card that was named: what did not open is looked up all the same, for the same work. */
  readonly isNamed: boolean;
  /** Names an app code once and for all; null for anything else. */
  readonly appCodeKey: string | null;
}

/** What verification needs of a card beside the snapshot; never stored with a decision, never logged. */
export interface Credential {
  readonly pinSalt: Uint8Array;
  readonly pinVerifier: Uint8Array;
  readonly pinKeyVersion: number;
}

/** Turns evidence into facts with the keys that only it holds. Generic over what it keeps between its two steps. */
export interface EvidenceVerifier<Opened extends OpenedEvidence = OpenedEvidence> {
  /** Opens the evidence. An unknown card costs the same work as a known one. Never throws for bad evidence. */
  open(evidence: Evidence): Opened;
  /** Verifies what was opened against what the store holds, at an instant of the gateway's clock. */
  verify(input: {
    readonly opened: Opened;
    readonly snapshot: Snapshot;
    readonly credential: Credential | null;
    /** The card's number as it is stored, encrypted; null where there is no card. */
    readonly sealedNumber: Uint8Array | null;
    readonly nowMs: number;
  }): Facts;
  /** A keyed digest of a request, to tell a repeat from another request under the same id. */
  fingerprint(request: object): Uint8Array;
}

/** A presentation that was not decided yet, as those see it who say how often there may be one. */
export interface Presentation {
  readonly terminalId: string;
  /** The index by which the card is looked for, hex: the same for the same card, and no number. Null where none is named. */
  readonly cardKey: string | null;
}

/** With the id that the terminal gave it. */
export interface Presented extends Presentation {
  readonly id: string;
}

/** What an attempt asks of the store. */
export type Command =
  | {
      readonly type: "authorize";
      readonly terminalId: string;
      readonly request: AuthorizationRequest;
      readonly receivedAtMonotonicMs: number;
    }
  | {
      readonly type: "inquire";
      readonly terminalId: string;
      readonly request: InquiryRequest;
      readonly receivedAtMonotonicMs: number;
    }
  | {
      readonly type: "reverse";
      readonly terminalId: string;
      readonly id: string;
      readonly reason: "automatic" | "manual";
      readonly asker: Asker;
    }
  | CaptureCommand
  | RefundCommand
  | LoadCommand;

/** Who asks for something to be done with an earlier sale: a terminal, or the operator for one that is lost. */
export type Asker =
  | { readonly kind: "terminal"; readonly terminalId: string }
  | { readonly kind: "agent"; readonly agentId: string };

/** Takes what an authorization holds. */
export interface CaptureCommand {
  readonly type: "capture";
  readonly asker: Asker;
  /** The sale. */
  readonly terminalId: string;
  readonly id: string;
  readonly request: CaptureRequest;
}

/** Gives back, in whole or in part, what a sale took. */
export interface RefundCommand {
  readonly type: "refund";
  readonly asker: Asker;
  /** The sale; without its terminal it is looked for at all terminals of the asking one's partner. */
  readonly of: { readonly terminalId: string | null; readonly id: string };
  readonly request: RefundRequest;
}

/** An event of the operator, the Région or an établissement. */
export interface LoadCommand {
  readonly type: "load";
  readonly agent: Agent;
  /** Made by the sender; the same one again changes nothing. */
  readonly eventId: string;
  /** Keyed digest of the event as it was sent. */
  readonly fingerprint: Uint8Array;
  readonly event: LoadEvent;
}

/** What the store answers once it is durable. */
export type Answer =
  | {
      readonly type: "decision";
      readonly answer:
        | AuthorizationAnswer
        | InquiryAnswer
        | ReversalAnswer
        | CaptureAnswer
        | RefundAnswer;
      /** The precise code, for logs and metrics; the answer carries the public one. */
      readonly code: string;
      /** The stored answer of an earlier try of the same id. */
      readonly replayed: boolean;
      /** Of a presentation that was decided now: the card that it named, as in {@link Presentation}. */
      readonly cardKey?: string | null;
      readonly timings: {
        readonly queueMs: number;
        readonly decideMs: number;
        readonly commitMs: number;
      };
    }
  | {
      readonly type: "loaded";
      readonly outcome: "applied" | "unchanged";
      readonly notes: readonly string[];
      /** The stored outcome of the same event, sent before. */
      readonly replayed: boolean;
    }
  /** The event changed nothing. It is in the audit trail, and its id may be used again. */
  | { readonly type: "refused"; readonly code: LoadRefusalCode; readonly detail: string }
  /** The id stands for another request already. */
  | { readonly type: "conflict" }
  | { readonly type: "notFound" }
  /** Too much waits. Nothing was looked at: neither this sale nor an earlier try of it; both may come after so long. */
  | { readonly type: "overloaded"; readonly retryAfterMs: number }
  /** The gateway may not decide just now. Nothing was stored; the same id may be sent again after so long. */
  | ({ readonly type: "closed" } & Closed)
  /** This card, or this terminal, came too often. Nothing was stored; the same id may be sent again after so long. */
  | { readonly type: "tooMany"; readonly retryAfterMs: number }
  /** Nothing of this try was stored, and certainly so: the same id can be sent again. */
  | { readonly type: "unavailable"; readonly error: unknown }
  /** A bug was met and contained: nothing of this sale was stored. `error` is for the log. */
  | { readonly type: "bug"; readonly error: unknown };

/** Why nothing is decided for a while. */
export interface Closed {
  /** What is wrong, who must act, and what to do. */
  readonly detail: string;
  readonly retryAfterMs: number;
}

/** The store as the edges see it: data in, data out, durable before it answers. */
export interface Store {
  /** @throws StoreStoppedError when durability is in doubt: the process must stop and recover by id. */
  execute(command: Command): Promise<Answer>;
  /** The stored answer of an authorization, and what has become of it. Null when the id is unknown here. */
  status(terminalId: string, id: string): Promise<StatusAnswer | null>;
  /** Which terminal presents this certificate (SHA-256 of its DER, lower-case hex). */
  terminalByCertificate(fingerprint: string): Promise<KnownTerminal | null>;
  /** Where a terminal stands and what is accepted there. */
  place(terminalId: string): Promise<Place | null>;
  /** Which agent presents this certificate. */
  agentByCertificate(fingerprint: string): Promise<KnownAgent | null>;
  agent(id: string): Promise<KnownAgent | null>;
  /** What a terminal did in `[fromMs, toMs)`, in the order of its making, and how many of its holds wait now. */
  tillDay(query: {
    readonly terminalId: string;
    readonly fromMs: number;
    readonly toMs: number;
  }): Promise<{ readonly moves: readonly TillMove[]; readonly held: number }>;
  /** Everything on record about a young person. */
  beneficiary(id: string): Promise<BeneficiaryFile>;
}

export interface KnownAgent extends Agent {
  readonly status: "active" | "revoked";
}

export interface KnownTerminal {
  readonly id: string;
  readonly status: Terminal["status"];
}

export interface Place {
  readonly terminalId: string;
  readonly pointOfSale: { readonly id: string; readonly name: string; readonly city: string };
  readonly partner: { readonly id: string; readonly name: string };
  readonly agrements: readonly string[];
}
