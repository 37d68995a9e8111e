// The operators' listener over real mutual TLS, with books of reimbursement that answer what a test says.

import { randomBytes } from "node:crypto";
import { type Agent, type AgentCredentials, createLogger } from "@pass-tpe/gateway";
import type { SettlementReport } from "../../gateway/src/core/settlement/ports.js";
import {
  certificateAuthority,
  certificateFingerprint,
  createAuthority,
  issueServer,
} from "../../gateway/src/crypto/authority.js";
import { listenForOperators } from "../../gateway/src/http/listeners.js";
import { createMetrics } from "../../gateway/src/http/observe.js";
import { createOperatorsApp } from "../../gateway/src/http/operators/app.js";
import type { OperatorsBackend } from "../../gateway/src/http/operators/ports.js";
import { systemClock } from "../../gateway/src/main.js";

/** What of the backend is about reimbursements. */
export type Books = OperatorsBackend["settlements"] &
  Pick<OperatorsBackend, "settle" | "readStatusReport">;

export interface SettlementRig {
  readonly url: string;
  /** Another answer than the usual one, until `reset`. */
  answer(books: Partial<Books>): void;
  reset(): void;
  credentials(agent: Agent): Promise<AgentCredentials>;
  stop(): Promise<void>;
}

export const LAST_DAY = "2023-03-05";
export const REPORT: SettlementReport = {
  lastDay: LAST_DAY,
  cutoffMs: Date.parse("2023-03-05T23:00:00Z"),
  createdAtMs: Date.parse("2023-03-06T08:00:00Z"),
  state: "filed",
  payments: 2,
  paidCents: 123_456,
  heldCents: 5_000,
  carriedCents: 0,
  owedBackCents: 0,
  holds: { JUSTIFICATIF_MISSING: 1, DECLARATION_MISSING: 0, BANK_DETAILS_MISSING: 0 },
};
export const PAYMENT_FILE = "<?xml version='1.0'?><Document/>\n";

/** One settlement of two payments, one partner P-1, no alert. */
const USUAL: Books = {
  settle: async (lastDay) => ({ type: "settled", report: { ...REPORT, lastDay } }),
  readStatusReport: async () => ({ type: "read", outcomes: [] }),
  lastClosedDay: () => LAST_DAY,
  list: async () => [REPORT],
  report: async (lastDay) => (lastDay === LAST_DAY ? REPORT : null),
  paymentFile: async (lastDay) => (lastDay === LAST_DAY ? Buffer.from(PAYMENT_FILE) : null),
  statement: async ({ partnerId, format }) => (partnerId === "P-1" ? `${format} of P-1\n` : null),
  accounts: async (lastDay) => (lastDay === LAST_DAY ? "compte;montant\r\n" : null),
  alerts: async () => [],
};

/** Starts the listener on loopback. Nothing but reimbursements is behind it. */
export async function startSettlementRig(): Promise<SettlementRig> {
  const made = { random: { bytes: randomBytes }, nowMs: Date.now() };
  const identity = createAuthority(made);
  const authority = certificateAuthority({ identity, random: made.random });
  const server = issueServer(identity, { ...made, hosts: ["127.0.0.1"] });
  const agents = new Map<string, Agent>();
  let books = USUAL;
  const elsewhere = () => Promise.reject(new Error("no test of reimbursement asks for this"));
  const listener = await listenForOperators(
    createOperatorsApp({
      backend: {
        store: {
          agentByCertificate: async (fingerprint) => {
            const agent = agents.get(fingerprint);
            return agent ? { ...agent, status: "active" } : null;
          },
          agent: elsewhere,
          beneficiary: elsewhere,
          place: elsewhere,
          status: elsewhere,
        },
        get settlements() {
          return books;
        },
        settle: (lastDay, by) => books.settle(lastDay, by),
        readStatusReport: (file, by) => books.readStatusReport(file, by),
        actForTerminal: elsewhere,
        submit: elsewhere,
        issueAgent: elsewhere,
        revokeAgent: elsewhere,
        revokeTerminal: elsewhere,
        makeActivationCode: elsewhere,
        terminalsAt: elsewhere,
        issueQrCodes: elsewhere,
        openAccount: elsewhere,
        makeBackup: elsewhere,
        backupProgress: () => null,
        gaps: { isUnsigned: () => false, list: elsewhere, sign: elsewhere },
      },
      clock: systemClock,
      log: createLogger({ level: "silent" }),
      metrics: createMetrics(() => 0),
    }),
    { host: "127.0.0.1", port: 0, tls: { ...server, authority: authority.certificate } },
  );
  return {
    url: `https://127.0.0.1:${listener.port}`,
    answer: (change) => {
      books = { ...books, ...change };
    },
    reset: () => {
      books = USUAL;
    },
    async credentials(agent) {
      const subject = { agentId: agent.id, nowMs: made.nowMs };
      const { certificate, privateKey } = await authority.issueAgent(subject);
      agents.set(certificateFingerprint(certificate), agent);
      return { ca: authority.certificate, certificate, privateKey };
    },
    stop: () => listener.close(),
  };
}
