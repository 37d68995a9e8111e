// What a day of sales looked like from outside: what tills wanted and were told, and what the ledger holds at its end.

/** A sale by the terminal that made its id, and that id. */
export interface SaleRef {
  readonly terminal: string;
  readonly id: string;
}

/** What somebody at a till wanted, and what was really presented: the gateway is told neither. */
export interface Intent {
  readonly terminal: string;
  /** Name of the card in the world. */
  readonly card: string;
  /** `tap`: the chip's one-time message. `code`: a printed QR code and a PIN. `number`: typed, and a PIN. */
  readonly how: "tap" | "code" | "number";
  /** Which of the chip's messages, from 1; null without a tap. The same number twice is a message shown again. */
  readonly message: number | null;
  /** Null where none was typed. */
  readonly pin: "right" | "wrong" | null;
  readonly avantage: string;
  readonly purchaseCents: number;
  /** Of seats and the like; null where the avantage is in cents. */
  readonly quantity: number | null;
  /** Refuse instead of covering a part. */
  readonly exact: boolean;
  /** `capture: false`: an approval only holds. */
  readonly holds: boolean;
  /** An inquiry: it uses up the message and the PIN's tries as a sale does, takes nothing, and the till is told nothing. */
  readonly inquires?: boolean;
}

/** What was taken, in the unit of the avantage: cents or pieces. */
export type Units = number;

/** Something that happened, as it was seen from outside, at an instant in Unix milliseconds. */
export type Fact = {
  readonly atMs: number;
} /** The first try of a sale left the terminal: from now on its id is known. Told once for each id. */ & (
  | { readonly type: "began"; readonly sale: SaleRef; readonly intent: Intent }
  /** Bytes of a request to decide it were put on the wire, whatever became of them; each time. */
  | { readonly type: "left"; readonly sale: SaleRef }
  /** Such a request arrived whole at the gateway, which was given so long to decide it. */
  | { readonly type: "arrived"; readonly sale: SaleRef; readonly deadlineMs: number }
  /** The terminal heard whole that a request of this sale was not decided: the gateway did not let it in. */
  | { readonly type: "refused"; readonly sale: SaleRef; readonly code: string }
  /**
   * An answer of the gateway arrived whole at the terminal, whatever the terminal made of it. `units` is what it says was
   * taken or held; of a refund, given back.
   */
  | {
      readonly type: "answered";
      readonly sale: SaleRef;
      readonly about: "sale" | "capture" | "refund" | "reversal";
      readonly approved: boolean;
      readonly code: string;
      readonly units: Units;
    }
  /** What the till was told of a sale: `sell` has resolved. */
  | {
      readonly type: "told";
      readonly sale: SaleRef;
      readonly outcome: "approved" | "declined" | "unknown";
      readonly code: string;
      readonly moneyMoved: "yes" | "no" | "unknown";
      readonly units: Units;
      readonly holds: boolean;
    }
  /** A sale that ended as unknown has resolved: nothing of it stands. */
  | { readonly type: "resolved"; readonly sale: SaleRef; readonly code: string }
  /** An approval of an earlier run was offered to the till. */
  | {
      readonly type: "recovered";
      readonly sale: SaleRef;
      readonly units: Units;
      readonly holds: boolean;
    }
  /** The till had its last word on a recovered approval. */
  | { readonly type: "acknowledged"; readonly sale: SaleRef }
  /** The till asked for something after the sale. `operation` is a refund's own id once it is known. */
  | {
      readonly type: "asked";
      readonly what: "capture" | "refund" | "reversal";
      readonly sale: SaleRef;
      readonly operation: string | null;
      /** Null: all of it. */
      readonly units: Units | null;
      /** The terminal that asked, where it is not the one that made the sale. */
      readonly by?: string;
    }
  /** What the till was told of that, at once or later when an unknown one has resolved. */
  | {
      readonly type: "done";
      readonly what: "capture" | "refund" | "reversal";
      readonly sale: SaleRef;
      readonly operation: string | null;
      readonly outcome: "done" | "declined" | "unknown";
      readonly code: string;
      readonly units: Units;
      /** As in `asked`. */
      readonly by?: string;
    }
  | { readonly type: "terminalStarted"; readonly terminal: string }
  | { readonly type: "terminalDied"; readonly terminal: string }
  /** Its journal could not keep something: it sells no more until it starts again. */
  | { readonly type: "journalFailed"; readonly terminal: string }
  | { readonly type: "gatewayStarted"; readonly readyAfterMs: number }
  | { readonly type: "gatewayDied"; readonly why: "killed" | "doubt" }
  /** The till's day as its terminal adds it up at the end: what it sold less what it gave back, by avantage. */
  | {
      readonly type: "dayTotals";
      readonly terminal: string;
      readonly units: Readonly<Record<string, Units>>;
    }
);

/** The ledger as it is found once everything has come to rest; plain copies, in the order of their making. */
export interface LedgerFacts {
  readonly atMs: number;
  readonly attempts: readonly {
    readonly sale: SaleRef;
    readonly kind: "sale" | "inquiry";
    readonly approved: boolean;
    readonly code: string;
    /** What its answer says was taken or held. */
    readonly units: Units;
    readonly holds: boolean;
    readonly decidedAtMs: number;
    /** The true instant of its decision, where somebody saw it. */
    readonly seenAtMs?: number;
  }[];
  /** Also those whose original never came. */
  readonly reversals: readonly {
    readonly sale: SaleRef;
    readonly reason: "automatic" | "manual";
    /** Place among attempts and reversals: how many attempts had been stored before it. Null where it is not known. */
    readonly afterAttempts: number | null;
  }[];
  readonly operations: readonly {
    readonly kind: "capture" | "refund";
    readonly sale: SaleRef;
    /** A refund's own id. */
    readonly id: string;
    readonly units: Units;
    /** As of a reversal. Where it is not known, the entries' order still bounds it. */
    readonly afterAttempts?: number | null;
    /** The instant at which it was decided. */
    readonly atMs?: number;
  }[];
  /** Below zero: given back. */
  readonly entries: readonly {
    readonly sale: SaleRef;
    readonly account: string;
    readonly avantage: string;
    readonly units: Units;
  }[];
  readonly grants: readonly {
    readonly account: string;
    readonly avantage: string;
    readonly amount: Units;
    readonly spent: Units;
  }[];
  /** Holds that nobody captured or reversed, and whether they are over by `atMs`. */
  readonly holds: readonly {
    readonly sale: SaleRef;
    readonly units: Units;
    readonly expiresAtMs: number;
  }[];
  readonly cards: readonly {
    readonly card: string;
    readonly messageCounter: number;
    readonly pinFailures: number;
  }[];
}

/** What the world was made of: the checker knows of rules and balances no more than this. */
export interface World {
  /** One that is not here was granted to nobody. */
  readonly avantages: readonly {
    readonly code: string;
    readonly unit: "cents" | "pieces";
    /** Of each grant one sale alone: what that leaves is lost. */
    readonly singleUse?: boolean;
  }[];
  readonly accounts: readonly {
    readonly account: string;
    readonly grants: Readonly<Record<string, Units>>;
  }[];
  readonly cards: readonly { readonly card: string; readonly account: string }[];
  readonly pinTriesMax: number;
  readonly holdMs: number;
  /** The latest instant that the gateway's clock has shown, where it was ahead for a while: a hold may have ended by it. */
  readonly gatewayLatestMs?: number;
  /** Whether all that left would be among the facts; by default, where anything that left is. */
  readonly seesTheWire?: boolean;
  /** Whether several gateways write: rows of different accounts are then in no order that tells which was made first. */
  readonly hasSeveralGateways?: boolean;
  /** A till has a word on what it began, heard or asked for after so long, unless it died meanwhile. A minute by default. */
  readonly wordWithinMs?: number;
}

/** One thing that must not be. */
export interface Violation {
  /** The rule that does not hold, in words that stay the same from seed to seed. */
  readonly rule: string;
  /** What was found, with ids and figures. */
  readonly found: string;
  readonly sale: SaleRef | null;
  /** What else it is about, so that its trace can be told: where balances, cards or terminals are at fault. */
  readonly concerns?: {
    readonly account?: string;
    readonly avantage?: string;
    readonly card?: string;
    readonly terminal?: string;
  };
}
