// What the operator does to a gateway in its own process: terminals, agents, events, raw records, proofs.

import { createHash } from "node:crypto";
import {
  cardFileReadKey,
  deriveInitialKey,
  type QrTokenContent,
  signQrToken,
} from "@pass-tpe/protocol/standards";
import { cameOfAct, cameOfReport, cameOfSettlement, createAsking } from "./asked.js";
import { checkGrants } from "./catalogue/check-grants.js";
import type { Agent } from "./core/loading/event.js";
import type { Answer, Clock, Command, Random } from "./core/ports.js";
import type { Programme } from "./core/programme.js";
import type { SettlementResult, Settlements, StatusReportResult } from "./core/settlement/ports.js";
import {
  certificateFingerprint,
  type Identity,
  issueAgent,
  issueTerminal,
} from "./crypto/authority.js";
import { type NewCard, sealCard } from "./crypto/card-records.js";
import { CARD_APPLICATION_ID, CARD_SYSTEM_ID, type KeyRing } from "./crypto/keys.js";
import type { TerminalAct } from "./http/operators/ports.js";
import type { Registry, Submission } from "./registry/registry.js";
import type { EmbeddedStore } from "./store/engine.js";
import type { AgentRecord, LoadBatch } from "./store/records.js";
import type { ReplayReport } from "./store/replay.js";
import type { VerifyReport } from "./store/verify.js";
import { type Act, IN_PROCESS, issuedRow, trailRow } from "./trail.js";
import { xmlText } from "./xml-text.js";

/** Names the base derivation key in every initial key id (ANSI X9.24-3-2017: BDK id ‖ derivation id). */
const BASE_KEY_ID = "50415353";
const DERIVATION_ID_BYTES = 4;

/** What a terminal needs to speak to the gateway; the SDK reads exactly this. */
export interface TerminalCredentials {
  readonly ca: string;
  readonly certificate: string;
  readonly privateKey: string;
  readonly pinKey: { readonly initialKeyHex: string; readonly initialKeyIdHex: string };
}

/** What an agent needs to call the operators' listener; `pass-tpe load --credentials` reads exactly this. */
export interface AgentCredentials {
  readonly ca: string;
  readonly certificate: string;
  readonly privateKey: string;
}

/** The keys that a card of an SDM generation is personalized with. */
export interface CardKeys {
  readonly metaReadKey: Buffer;
  readonly fileReadKey: Buffer;
}

export interface OperatorLoad extends Omit<LoadBatch, "cards" | "terminals" | "revokedTerminals"> {
  readonly cards?: readonly NewCard[];
}

export interface Operator {
  /** @throws RangeError that names the grant which does not fit the programme; nothing is loaded then. */
  load(batch: OperatorLoad): Promise<void>;
  /**
   * Issues a certificate and a PIN key for a terminal and binds it to a point of sale. Issued again, the old
   * certificate is worth nothing and the PIN key is a new one. A revoked terminal stays revoked.
   */
  issueTerminal(terminal: {
    readonly id: string;
    readonly pointOfSaleId: string;
  }): Promise<TerminalCredentials>;
  /** Takes effect at the terminal's next request, and is not undone. */
  revokeTerminal(id: string, by?: Agent): Promise<void>;
  cardKeys(uid: Uint8Array): CardKeys;
  qrToken(content: QrContent): string;
  /**
   * Issues a certificate for an agent. Issued again, the old certificate is worth nothing. Null where this id was
   * revoked: that is not undone.
   *
   * @param by who issues it, for the audit trail; the program itself where nobody is named.
   */
  issueAgent(agent: Agent, by?: Agent): Promise<AgentCredentials | null>;
  /** Takes effect at the agent's next request, and is not undone. */
  revokeAgent(id: string, by?: Agent): Promise<void>;
  /** Sends one event, as it would come over the operators' listener, in an agent's name. */
  submit(event: unknown, agent: Agent): Promise<Submission>;
  /** Does with a sale what its terminal, which is lost, could have done itself. */
  actForTerminal(act: TerminalAct, by?: Agent): Promise<Answer>;
  /** Closes the period that ends with a Paris day. */
  settle(lastDay: string, by?: Agent): Promise<SettlementResult>;
  /** Reads a bank's payment status report (pain.002), as the bank sent it. */
  readStatusReport(file: Uint8Array, by?: Agent): Promise<StatusReportResult>;
  /** Recomputes every balance from its entries. */
  verify(): Promise<VerifyReport>;
  /** Makes every stored decision again from what it was made from. */
  replay(): Promise<ReplayReport>;
}

/** A QR token's content; the key id is the gateway's own. */
export type QrContent =
  | { readonly kind: "printed"; readonly cardNumber: string }
  | {
      readonly kind: "app";
      readonly cardNumber: string;
      readonly issuedAtSeconds: number;
      readonly nonce: Uint8Array;
    };

/** Builds the operator's side of a gateway. */
export function createOperator(parts: {
  readonly store: EmbeddedStore;
  readonly registry: Registry;
  readonly settlements: Settlements;
  readonly programme: Programme;
  readonly keys: KeyRing;
  readonly authority: Identity;
  readonly clock: Clock;
  readonly random: Random;
}): Operator {
  const { store, registry, settlements, programme, keys, authority, clock, random } = parts;
  const ask = createAsking({ store, clock, random });
  /** What is done stands in the trail with what it changes, or not at all. */
  const done = (act: Pick<Act, "type" | "subject" | "by">) =>
    trailRow({ ...act, nowMs: clock.nowMs(), came: { outcome: "applied" } }, random);
  return {
    async load({ cards = [], ...batch }) {
      checkGrants(programme, batch.grants ?? []);
      await store.load({ ...batch, cards: cards.map((card) => sealCard(keys, random, card)) });
    },

    async issueTerminal({ id, pointOfSaleId }) {
      const initialKeyId = newInitialKeyId(random);
      const made = { random, nowMs: clock.nowMs(), terminalId: id };
      const { certificate, privateKey } = await issueTerminal(authority, made);
      const initialKey = deriveInitialKey({ baseKey: keys.pinBaseKey, initialKeyId });
      const initialKeyIdHex = initialKeyId.toString("hex").toUpperCase();
      const terminal = {
        id,
        pointOfSaleId,
        status: "active",
        certificateFingerprint: certificateFingerprint(certificate),
        initialKeyId: initialKeyIdHex,
      } as const;
      await store.load({ terminals: [terminal] });
      const pinKey = { initialKeyHex: initialKey.toString("hex"), initialKeyIdHex };
      return { ca: authority.certificate, certificate, privateKey, pinKey };
    },

    revokeTerminal: (id, by = IN_PROCESS) =>
      store.load({ revokedTerminals: [id] }, [done({ type: "terminal.revoked", subject: id, by })]),

    cardKeys: (uid) => ({
      metaReadKey: keys.metaReadKey,
      fileReadKey: cardFileReadKey({
        masterKey: keys.cardMasterKey,
        uid,
        applicationId: CARD_APPLICATION_ID,
        systemId: CARD_SYSTEM_ID,
      }),
    }),

    qrToken(content) {
      const token: QrTokenContent = { ...content, keyId: keys.qr.keyId };
      return signQrToken({ privateKey: keys.qr.privateKey, token });
    },

    async issueAgent(agent, by = IN_PROCESS) {
      const { credentials, record } = await makeAgent({ agent, authority, clock, random });
      if ((await store.agent(agent.id))?.status === "revoked") return null;
      const trail = [issuedRow(agent, { by, nowMs: clock.nowMs(), random })];
      await store.load({ agents: [record] }, trail);
      const known = await store.agentByCertificate(record.certificateFingerprint);
      return known?.status === "active" ? credentials : null;
    },

    revokeAgent: (id, by = IN_PROCESS) =>
      store.load({ revokedAgents: [id] }, [done({ type: "agent.revoked", subject: id, by })]),
    submit: (event, agent) => registry.submit(agent, event),

    actForTerminal(act, by = IN_PROCESS) {
      const { type: what, terminalId: subject, id } = act;
      return ask(
        { what, subject, by, notes: notesOf(act) },
        {
          run: () => store.execute(commandOf(act, by)),
          cameOf: (answer) => cameOfAct(answer, id),
        },
      );
    },

    async settle(lastDay, by = IN_PROCESS) {
      const before = await store.settlement.settlement(lastDay);
      return ask(
        { what: "settlement", subject: lastDay, by },
        {
          run: () => settlements.settle(lastDay),
          cameOf: (result) => cameOfSettlement(result, before?.state === "filed"),
        },
      );
    },

    readStatusReport(file, by = IN_PROCESS) {
      const subject = createHash("sha256").update(file).digest("hex");
      const run = async () => {
        const xml = xmlText(file);
        return xml === null ? NOT_UTF_8 : settlements.readStatusReport(xml);
      };
      return ask({ what: "statusReport", subject, by }, { run, cameOf: cameOfReport });
    },

    verify: () => store.verify(),
    replay: () => store.replay(),
  };
}

const NOT_UTF_8: StatusReportResult = {
  type: "refused",
  detail:
    "the file is not in UTF-8: ask the bank for a report in UTF-8, or convert it with its declaration",
};

/** Makes an agent's certificate, and the record that lets the gateway know it. */
export async function makeAgent(input: {
  readonly agent: Agent;
  readonly authority: Identity;
  readonly clock: Clock;
  readonly random: Random;
}): Promise<{ readonly credentials: AgentCredentials; readonly record: AgentRecord }> {
  const { agent, authority, clock, random } = input;
  const made = { random, nowMs: clock.nowMs(), agentId: agent.id };
  const { certificate, privateKey } = await issueAgent(authority, made);
  const fingerprint = certificateFingerprint(certificate);
  return {
    credentials: { ca: authority.certificate, certificate, privateKey },
    record: { ...agent, status: "active", certificateFingerprint: fingerprint },
  };
}

function commandOf(act: TerminalAct, { id: agentId }: Agent): Command {
  const { terminalId, id } = act;
  const asker = { kind: "agent", agentId } as const;
  switch (act.type) {
    case "capture":
      return { type: "capture", terminalId, id, request: act.request, asker };
    case "reverse":
      return { type: "reverse", terminalId, id, reason: act.request.reason, asker };
    case "refund":
      return { type: "refund", of: { terminalId, id }, request: act.request, asker };
  }
}

/** What was asked, for the audit trail: `sale …`, then each field of the request with its value. */
function notesOf({ id, request }: TerminalAct): readonly string[] {
  const fields = Object.entries(request).map(([name, value]) => `${name} ${value}`);
  return [`sale ${id}`, ...fields];
}

/** A new initial key id: the base key's id, then four bytes that no other terminal has; the store refuses a second. */
function newInitialKeyId(random: Random): Buffer {
  return Buffer.concat([Buffer.from(BASE_KEY_ID, "hex"), random.bytes(DERIVATION_ID_BYTES)]);
}
