// Opens the gateway's listeners: each gets its routes, and no more of the gateway than they need.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Backups } from "./archiving.js";
import type { Assembly } from "./assemble.js";
import { windowOfDays } from "./catalogue/civil-dates.js";
import type { Identity } from "./crypto/authority.js";
import type { ReadCertificate } from "./http/certificate.js";
import { createHoldersApp } from "./http/holders/app.js";
import {
  type Listener,
  listenForHealth,
  listenForHolders,
  listenForOperators,
  listenForTerminals,
} from "./http/listeners.js";
import { createOperatorsApp } from "./http/operators/app.js";
import { createApp } from "./http/terminals/app.js";

export const DEFAULT_PORT = 8443;
export const DEFAULT_OPERATOR_PORT = 8444;
export const DEFAULT_HOLDER_PORT = 8445;
/** A class that sets its PINs together comes from one address. */
export const DEFAULT_HOLDER_REQUESTS_PER_MINUTE = 120;
export const DEFAULT_HEALTH_PORT = 9464;

/** Where the listeners stand, and how patient they are. */
export interface ListenerOptions {
  /** Port of the terminals' listener; 0 lets the system choose. */
  readonly port?: number;
  /** Port of the operators' listener; 0 lets the system choose, as it does by default where it chooses `port`. */
  readonly operatorPort?: number;
  /** Port of the holders' listener; 0 lets the system choose, as it does by default where it chooses `port`. */
  readonly holderPort?: number;
  /** How often a minute one address may ask the holders' listener: more where a site stands before it. */
  readonly holderRequestsPerMinute?: number;
  /** Where health and metrics are asked for, in clear; loopback where nobody else is to reach them, as by default. */
  readonly healthHost?: string;
  /** Port of the health listener; 0 lets the system choose. */
  readonly healthPort?: number;
  readonly bodyTimeoutMs?: number;
}

/** Where the listeners of a gateway are found. */
export interface Addresses {
  /** Where terminals call, for instance `https://127.0.0.1:8443`. */
  readonly url: string;
  /** Where agents call, for instance `https://127.0.0.1:8444`. */
  readonly operatorUrl: string;
  /** Where holders call, for instance `https://127.0.0.1:8445`. */
  readonly holderUrl: string;
  readonly healthUrl: string;
}

/** The parts of a gateway that its listeners serve. */
export interface Serving extends Assembly {
  readonly options: ListenerOptions;
  readonly host: string;
  readonly server: Identity;
  readonly backups: Backups;
  /** How long what is read now may have lain unread. */
  readonly unreadMs: () => number;
  /** Why it is not ready; null where it is. */
  readonly unready: () => string | null;
  readonly onOpen: (listener: Listener) => void;
}

/** Opens health, terminals', operators' and holders' listener, in this order. */
export async function openListeners(parts: Serving): Promise<Addresses> {
  const { options, host, server, keys, programme, log, metrics, unready, onOpen } = parts;
  const { healthPort = DEFAULT_HEALTH_PORT, port = DEFAULT_PORT } = options;
  const { healthHost = "127.0.0.1" } = options;
  const { operatorPort = port === 0 ? 0 : DEFAULT_OPERATOR_PORT } = options;
  const { holderPort = port === 0 ? 0 : DEFAULT_HOLDER_PORT } = options;
  const tls = { ...server, authority: keys.authority.certificate };
  const health = await listenForHealth({
    host: healthHost,
    port: healthPort,
    metrics,
    unready,
  });
  onOpen(health);
  const terminals = await listenForTerminals(terminalsApp(parts, options), { host, port, tls });
  onOpen(terminals);
  const forAgents = { host, port: operatorPort, tls };
  const operators = await listenForOperators(operatorsApp(parts), forAgents);
  onOpen(operators);
  const holders = await listenForHolders(holdersApp(parts), { host, port: holderPort, tls });
  onOpen(holders);
  const ports = {
    port: terminals.port,
    operatorPort: operators.port,
    holderPort: holders.port,
    healthPort: health.port,
  };
  log.info({ ...ports, programme: programme.hash }, "serving");
  return {
    url: `https://${host}:${terminals.port}`,
    operatorUrl: `https://${host}:${operators.port}`,
    holderUrl: `https://${host}:${holders.port}`,
    healthUrl: `http://${healthHost}:${health.port}`,
  };
}

/** What the terminals' listener serves. @param readCertificate where callers do not come over TLS. */
export function terminalsApp(
  { after, ...parts }: Omit<Assembly, "sealer"> & Partial<Pick<Serving, "unreadMs">>,
  options: ListenerOptions = {},
  readCertificate?: ReadCertificate,
) {
  const qrKeys = () =>
    parts.keys.qr.keys.map(({ keyId, publicKey }) => {
      const spki = publicKey.export({ type: "spki", format: "der" });
      return { keyId, publicKey: spki.toString("base64") };
    });
  return createApp({
    ...parts,
    windowOfDays,
    qrKeys,
    openApi: readOpenApi(),
    ...(after === undefined ? {} : { after }),
    ...(readCertificate === undefined ? {} : { readCertificate }),
    ...bodyTimeout(options),
  });
}

function operatorsApp(parts: Serving) {
  const { options, store, registry, settlements, operator, clock, log, metrics } = parts;
  const { issueAgent, revokeAgent, revokeTerminal, makeActivationCode } = operator;
  const terminals = { revokeTerminal, makeActivationCode, terminalsAt: store.terminals.atPartner };
  const { actForTerminal, settle, readStatusReport } = operator;
  const { submit } = registry;
  const { openAccount } = parts.holders;
  const { issueQrCodes } = parts;
  const { backups, gaps } = parts;
  const kept = { ...backups, gaps };
  const agents = { issueAgent, revokeAgent, ...terminals, openAccount, issueQrCodes };
  return createOperatorsApp({
    backend: {
      store,
      submit,
      settlements,
      ...agents,
      ...kept,
      actForTerminal,
      settle,
      readStatusReport,
    },
    clock,
    log,
    metrics,
    ...bodyTimeout(options),
  });
}

function holdersApp({ options, holders, clock, sharedLimits, log, metrics }: Serving) {
  const { holderRequestsPerMinute: requestsPerMinute = DEFAULT_HOLDER_REQUESTS_PER_MINUTE } =
    options;
  const { accounts } = holders;
  return createHoldersApp({
    accounts,
    clock,
    sharedLimits,
    log,
    metrics,
    requestsPerMinute,
    ...bodyTimeout(options),
  });
}

function bodyTimeout({ bodyTimeoutMs }: ListenerOptions): { readonly bodyTimeoutMs?: number } {
  return bodyTimeoutMs === undefined ? {} : { bodyTimeoutMs };
}

function readOpenApi(): string {
  const path = createRequire(import.meta.url).resolve("@pass-tpe/protocol/openapi.json");
  return readFileSync(path, "utf8");
}
