// The life of terminals over a driver: each step stands alone, in one transaction with its row of the audit trail.

import type { Driver } from "../driver.js";
import type { Awaitable, EventRow } from "../rows.js";
import type {
  ActivationCodeRow,
  EnrolledTerminal,
  Issued,
  ListedTerminal,
  Renewed,
  TerminalDriver,
} from "./driver.js";

/** A code that may be made, or why it may not. */
export type CodeMade = "made" | "noPointOfSale" | "revoked" | "ofAnotherPartner";

/** What a terminal has from now on. */
export interface Enrolled {
  readonly terminalId: string;
  readonly pointOfSaleId: string;
  readonly issued: Issued;
}

/** What a terminal will have once it confirms. */
export interface Renewal extends Omit<Enrolled, "issued"> {
  readonly issued: Renewed;
}

/** What is issued for whom: run inside the transaction, at most once, and only where it will be kept. */
type Issue<T extends Renewed> = (terminalId: string) => Omit<T, "keyHash">;

/** What of a renewal is in force. */
export interface Confirmed {
  readonly terminalId: string;
  readonly certificateExpiresAtMs: number;
}

/** Null is always a refusal, and its reason is not told. */
export interface TerminalSteps {
  /** Voids the terminal's earlier code, used or not. */
  makeCode(code: Omit<ActivationCodeRow, "used">, trail: EventRow): Promise<CodeMade>;
  /** Uses a code. The same code with the same key again is the same answer, as long as the code and it are good. */
  enrol(input: {
    readonly digest: Uint8Array;
    readonly keyHash: Uint8Array;
    readonly nowMs: number;
    readonly issue: Issue<Issued>;
    readonly trailOf: (enrolled: Enrolled) => EventRow;
  }): Promise<Enrolled | null>;
  /** Issues what a terminal may confirm. The same key again is the same answer, where that may be given; else it is replaced. */
  renew(input: {
    readonly terminalId: string;
    /** The one that asks: it must be in force still. */
    readonly certificateFingerprint: string;
    readonly keyHash: Uint8Array;
    readonly nowMs: number;
    /** Whether what was issued before is what is asked for, and still good. */
    readonly mayRepeat: (before: Renewed) => boolean;
    readonly issue: Issue<Renewed>;
    readonly trailOf: (renewal: Renewal) => EventRow;
  }): Promise<Renewal | null>;
  /** Puts a renewal in force. Again, with the certificate that is in force: the same answer. */
  confirm(input: {
    readonly terminalId: string;
    readonly certificateFingerprint: string;
    readonly nowMs: number;
    /** False: its PIN key is worth nothing any more, and it is asked for anew. */
    readonly mayPutInForce: (issued: Renewed) => boolean;
    readonly trailOf: (renewal: Renewal) => EventRow;
  }): Promise<Confirmed | null>;
  /** Whose renewal has this certificate. */
  renewing(certificateFingerprint: string): Promise<EnrolledTerminal | null>;
  /** Null where there is no such partner. */
  atPartner(partnerId: string): Promise<readonly ListedTerminal[] | null>;
}

/** @param options.transact runs work in a transaction of its own between two commits; it settles once it is durable. */
export function createTerminalSteps(options: {
  readonly driver: Pick<Driver, "terminals" | "applyEvent" | "readPartner">;
  readonly transact: <T>(work: () => Awaitable<T>) => Promise<T>;
  /** Runs a read when nothing else is under way. */
  readonly readAlone: <T>(work: () => T | Promise<T>) => Promise<T>;
}): TerminalSteps {
  const { driver, transact, readAlone } = options;
  const { terminals } = driver;
  const note = (row: EventRow) => driver.applyEvent(row, []);

  return {
    makeCode: (code, trail) =>
      transact(async () => {
        const { terminalId, pointOfSaleId } = code;
        const partnerId = await terminals.partnerOf(pointOfSaleId);
        if (partnerId === null) return "noPointOfSale";
        const terminal = await terminals.find(terminalId);
        if (terminal?.status === "revoked") return "revoked";
        if (!(await isAt(terminals, terminal, partnerId))) return "ofAnotherPartner";
        await terminals.putCode({ ...code, used: null });
        await note(trail);
        return "made";
      }),

    enrol: ({ digest, keyHash, nowMs, issue, trailOf }) =>
      transact(async () => {
        const code = await terminals.codeBy(digest);
        if (code === null || nowMs >= code.expiresAtMs) return null;
        const { terminalId, pointOfSaleId, used } = code;
        const terminal = await terminals.find(terminalId);
        if (terminal?.status === "revoked") return null;
        if (used !== null) return again({ code, used, terminal, keyHash });
        const partnerId = await terminals.partnerOf(pointOfSaleId);
        if (!(await isAt(terminals, terminal, partnerId))) return null;
        const issued = { ...issue(terminalId), keyHash };
        const enrolled = { terminalId, pointOfSaleId, issued };
        await terminals.putInForce({ id: terminalId, pointOfSaleId, enrolledAtMs: nowMs }, issued);
        await terminals.putCode({ ...code, used: { ...issued, atMs: nowMs } });
        await note(trailOf(enrolled));
        return enrolled;
      }),

    renew: ({ terminalId, certificateFingerprint, keyHash, nowMs, mayRepeat, issue, trailOf }) =>
      transact(async () => {
        const terminal = await terminals.find(terminalId);
        // Revoked, or enrolled anew, while the question was on its way.
        if (terminal?.status !== "active") return null;
        if (terminal.certificateFingerprint !== certificateFingerprint) return null;
        const { pointOfSaleId } = terminal;
        const before = await terminals.renewalOf(terminalId);
        if (before && isSame(before.keyHash, keyHash) && mayRepeat(before)) {
          return { terminalId, pointOfSaleId, issued: before };
        }
        const issued = { ...issue(terminalId), keyHash };
        const renewal = { terminalId, pointOfSaleId, issued };
        await terminals.putRenewal({ ...issued, terminalId, askedAtMs: nowMs });
        await note(trailOf(renewal));
        return renewal;
      }),

    confirm: ({ terminalId, certificateFingerprint, nowMs, mayPutInForce, trailOf }) =>
      transact(async () => {
        const terminal = await terminals.find(terminalId);
        if (terminal?.status !== "active") return null;
        const { pointOfSaleId, certificateExpiresAtMs } = terminal;
        if (terminal.certificateFingerprint === certificateFingerprint) {
          // Null: it was never renewed.
          return certificateExpiresAtMs === null ? null : { terminalId, certificateExpiresAtMs };
        }
        const issued = await terminals.renewalOf(terminalId);
        if (issued?.certificateFingerprint !== certificateFingerprint) return null;
        if (!mayPutInForce(issued)) return null;
        await terminals.putInForce({ id: terminalId, pointOfSaleId, enrolledAtMs: nowMs }, issued);
        await note(trailOf({ terminalId, pointOfSaleId, issued }));
        return { terminalId, certificateExpiresAtMs: issued.certificateExpiresAtMs };
      }),

    async renewing(certificateFingerprint) {
      const renewal = await terminals.renewalBy(certificateFingerprint);
      return renewal && terminals.find(renewal.terminalId);
    },

    atPartner: (partnerId) =>
      readAlone(async () => {
        const query = { id: partnerId, pointOfSaleId: null, conventionReference: null };
        const { partner } = await driver.readPartner(query);
        return partner && terminals.atPartner(partnerId);
      }),
  };
}

/** Whether a terminal stands at a partner already, or nowhere yet: it is never moved from one partner to another. */
async function isAt(
  terminals: TerminalDriver,
  terminal: EnrolledTerminal | null,
  partnerId: string | null,
): Promise<boolean> {
  if (terminal === null) return true;
  return (await terminals.partnerOf(terminal.pointOfSaleId)) === partnerId;
}

/** The answer that a used code had, where the same terminal asks and nothing has come after it. */
function again(asked: {
  readonly code: ActivationCodeRow;
  readonly used: Issued;
  readonly terminal: EnrolledTerminal | null;
  readonly keyHash: Uint8Array;
}): Enrolled | null {
  const { code, used, terminal, keyHash } = asked;
  if (!isSame(used.keyHash, keyHash)) return null;
  if (terminal?.certificateFingerprint !== used.certificateFingerprint) return null;
  const { terminalId, pointOfSaleId } = code;
  return { terminalId, pointOfSaleId, issued: used };
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.from(one).equals(other);
}
