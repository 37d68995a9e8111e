// What the operator does to a gateway in its own process: terminals, agents, events, raw records, proofs.

import { constants, createHash, generateKeyPair, privateDecrypt } from "node:crypto";
import { promisify } from "node:util";
import { cameOfAct, cameOfReport, cameOfSettlement, createAsking } from "./asked.js";
import { checkGrants } from "./catalogue/check-grants.js";
import type { Agent } from "./core/loading/event.js";
import type { Answer, Clock, Command, Random } from "./core/ports.js";
import type { Programme } from "./core/programme.js";
import type { SettlementResult, Settlements, StatusReportResult } from "./core/settlement/ports.js";
import { certificateFingerprint } from "./crypto/authority.js";
import { type NewCard, sealCard } from "./crypto/card-records.js";
import type {
  CardKeys,
  CertificateAuthority,
  KeyStore,
  PinKeyStore,
  QrContent,
} from "./crypto/key-store.js";
import { issuedNotes, type TerminalLife } from "./enrolment.js";
import type { ActivationAsked, ActivationResult, TerminalAct } from "./http/operators/ports.js";
import type { Registry, Submission } from "./registry/registry.js";
import type { EmbeddedStore } from "./store/engine.js";
import type { AgentRecord, LoadBatch } from "./store/records.js";
import type { ReplayReport } from "./store/replay.js";
import type { VerifyReport } from "./store/verify.js";
import { type Act, IN_PROCESS, issuedRow, trailRow } from "./trail.js";
import { xmlText } from "./xml-text.js";

/** Of the key of a terminal that is issued in the gateway's own process. */
const RSA = {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
} as const;
const makePair = promisify(generateKeyPair);

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
  /** Makes the code of one use by which a device becomes a terminal, in the place of an earlier one. */
  makeActivationCode(asked: ActivationAsked, by?: Agent): Promise<ActivationResult>;
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

/** Builds the operator's side of a gateway. */
export function createOperator(parts: {
  readonly store: EmbeddedStore;
  readonly terminals: TerminalLife;
  readonly registry: Registry;
  readonly settlements: Settlements;
  readonly programme: Programme;
  readonly keys: KeyStore;
  readonly clock: Clock;
  readonly random: Random;
}): Operator {
  const { store, terminals, registry, settlements, programme, keys, clock, random } = parts;
  const ask = createAsking({ store, clock, random });
  /** What is done stands in the trail with what it changes, or not at all. */
  const done = (act: Pick<Act, "type" | "subject" | "by">, notes: readonly string[] = []) =>
    trailRow({ ...act, nowMs: clock.nowMs(), came: { outcome: "applied" }, notes }, random);
  return {
    async load({ cards = [], ...batch }) {
      checkGrants(programme, batch.grants ?? []);
      await store.load({ ...batch, cards: cards.map((card) => sealCard(keys, card)) });
    },

    async issueTerminal({ id, pointOfSaleId }) {
      store.checkClock();
      const { publicKey, privateKey } = await makePair("rsa", RSA);
      const subject = { terminalId: id, publicKey, nowMs: clock.nowMs() };
      const { certificate, expiresAtMs } = keys.authority.issueTerminal(subject);
      const initialKeyId = keys.pins.drawInitialKeyId();
      const initialKey = initialKeyFor({ pins: keys.pins, initialKeyId, publicKey, privateKey });
      const terminal = {
        id,
        pointOfSaleId,
        status: "active",
        certificateFingerprint: certificateFingerprint(certificate),
        certificateExpiresAtMs: expiresAtMs,
        enrolledAtMs: subject.nowMs,
        initialKeyId,
      } as const;
      const act = { type: "terminal.enrolled", subject: id, by: IN_PROCESS } as const;
      await store.load({ terminals: [terminal] }, [done(act, issuedNotes(keys, terminal))]);
      const pinKey = {
        initialKeyHex: initialKey.toString("hex"),
        initialKeyIdHex: initialKeyId,
      };
      return { ca: keys.authority.certificate, certificate, privateKey, pinKey };
    },

    makeActivationCode: (asked, by = IN_PROCESS) => terminals.makeActivationCode(asked, by),

    async revokeTerminal(id, by = IN_PROCESS) {
      const place = await store.place(id);
      const notes = place === null ? [] : [`pointOfSale ${place.pointOfSale.id}`];
      const row = done({ type: "terminal.revoked", subject: id, by }, notes);
      await store.load({ revokedTerminals: [id] }, [row]);
    },

    cardKeys: (uid) => keys.cards.personalize(uid),
    qrToken: (content) => keys.qr.sign(content),

    async issueAgent(agent, by = IN_PROCESS) {
      store.checkClock();
      const { credentials, record } = await makeAgent({ agent, authority: keys.authority, clock });
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
  readonly authority: CertificateAuthority;
  readonly clock: Clock;
}): Promise<{ readonly credentials: AgentCredentials; readonly record: AgentRecord }> {
  const { agent, authority, clock } = input;
  const subject = { agentId: agent.id, nowMs: clock.nowMs() };
  const { certificate, privateKey } = await authority.issueAgent(subject);
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

/** The initial key of a terminal whose own key pair is at hand: wrapped for it, as for any terminal, and unwrapped. */
function initialKeyFor(input: {
  readonly pins: PinKeyStore;
  readonly initialKeyId: string;
  readonly publicKey: string;
  readonly privateKey: string;
}): Buffer {
  const { pins, initialKeyId, publicKey, privateKey } = input;
  const wrapped = pins.wrapInitialKey({ initialKeyId, recipient: publicKey });
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const own = { key: privateKey, padding, oaepHash: "sha256" };
  return privateDecrypt(own, Buffer.from(wrapped, "base64"));
}
