// A running gateway with agents of every role, and what tests of the operators' listener send through it.

import { Agent as HttpsAgent } from "node:https";
import {
  type Agent,
  type AgentCredentials,
  type Gateway,
  type GatewayOptions,
  parisDay,
} from "@pass-tpe/gateway";
import { postJson, type RawAnswer, raw } from "../support/raw-client.js";
import { programmeAround, startTestGateway, type TestGateway } from "../support/running-gateway.js";

export const AGENTS = {
  operator: { id: "operator-1", role: "operator", etablissement: null },
  region: { id: "region-1", role: "region", etablissement: null },
  lycee: { id: "lycee-1", role: "etablissement", etablissement: "LYC-1" },
  other: { id: "lycee-2", role: "etablissement", etablissement: "LYC-2" },
} as const satisfies Record<string, Agent>;
export type Who = keyof typeof AGENTS;

type Json = Record<string, unknown>;

export interface AgentClient {
  readonly credentials: AgentCredentials;
  send(event: object): Promise<{ readonly status: number; readonly body: Json }>;
  post(path: string, body?: object): Promise<{ readonly status: number; readonly body: Json }>;
  get(path: string): Promise<{ readonly status: number; readonly body: Json }>;
  /** Sends a whole bulk body and reads every answer. */
  batch(
    lines: readonly string[],
  ): Promise<{ readonly status: number; readonly lines: readonly Json[] }>;
}

export interface OperatorsGateway extends TestGateway {
  as(who: Who): Promise<AgentClient>;
}

/** A campaign for which nothing can be ordered yet. */
export const LATER_CAMPAIGN = "LATER";
const DAY_MS = 24 * 3_600_000;

/** A programme with an open campaign and a later one, in which a card without a PIN may tap. */
export function operatorsProgramme(): object {
  const programme: { settings?: object; campaigns?: object[] } = programmeAround(Date.now());
  const { settings, campaigns = [] } = programme;
  const invented = "For tests.";
  const day = (days: number) => parisDay(Date.now() + days * DAY_MS);
  const window = { kind: "window", family: "CULTURE", firstDay: day(400), lastDay: day(600) };
  const rules = [
    { id: "LATER/CULTURE", ...window, invented },
    { id: "LATER/orders", kind: "ordersFrom", day: day(300), invented },
  ];
  return {
    ...programme,
    campaigns: [...campaigns, { code: LATER_CAMPAIGN, rules }],
    settings: { ...settings, nfcRequiresPinDefined: false },
  };
}

/** Starts a gateway with the partner of the tests. */
export async function startOperatorsGateway(
  options: Partial<GatewayOptions> = {},
): Promise<OperatorsGateway> {
  const running = await startTestGateway({ programme: operatorsProgramme(), ...options });
  const clients = new Map<Who, AgentClient>();
  const connections: HttpsAgent[] = [];
  const stopGateway = running.stop;
  return Object.assign(running, {
    async as(who: Who): Promise<AgentClient> {
      const known = clients.get(who);
      if (known) return known;
      const credentials = await issued(running.gateway, AGENTS[who]);
      const connection = connectionOf(credentials);
      connections.push(connection);
      const client = clientOf({ url: running.gateway.operatorUrl, credentials, connection });
      clients.set(who, client);
      return client;
    },
    stop: async () => {
      for (const connection of connections) connection.destroy();
      await stopGateway();
    },
  });
}

export async function issued(gateway: Gateway, agent: Agent): Promise<AgentCredentials> {
  const credentials = await gateway.operator.issueAgent(agent);
  if (!credentials) throw new Error(`${agent.id} is revoked`);
  return credentials;
}

/** A connection with a client certificate, or with none. */
export function connectionOf(
  { ca, certificate, privateKey }: AgentCredentials,
  withCertificate = true,
): HttpsAgent {
  const own = withCertificate ? { cert: certificate, key: privateKey } : {};
  return new HttpsAgent({ ca, keepAlive: true, ...own });
}

export function clientOf(options: {
  readonly url: string;
  readonly credentials: AgentCredentials;
  readonly connection: HttpsAgent;
}): AgentClient {
  const { url, credentials, connection: agent } = options;
  const post = (path: string, body: object = {}) => postJson({ agent, url: `${url}${path}`, body });
  return {
    credentials,
    send: (event) => post("/v1/events", event),
    post,
    async get(path) {
      const answer = await raw({ agent, url: `${url}${path}` });
      return { status: answer.status, body: JSON.parse(answer.text) };
    },
    async batch(lines) {
      const answer = await raw({
        agent,
        url: `${url}/v1/events/batch`,
        headers: { "content-type": "application/x-ndjson" },
        body: lines.join("\n"),
      });
      return { status: answer.status, lines: answersOf(answer) };
    },
  };
}

function answersOf({ text }: RawAnswer): readonly Json[] {
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
