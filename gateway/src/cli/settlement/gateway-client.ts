// One question to a gateway's operators' listener and its whole answer, for commands that ask one thing at a time.

import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { z } from "zod";
import type { AgentCredentials } from "../../operator.js";
import { credentialsFrom, urlFrom } from "../agent-options.js";
import { EXIT_FAILED, EXIT_UNFINISHED, needed, reasonOf } from "../command.js";

/** A statement of a large partner's year is a tenth of this. */
const ANSWER_BYTES_MAX = 256 * 1024 * 1024;
/** A gateway that says nothing for so long is not coming back; the largest settlement takes minutes. */
const SILENCE_MAX_MS = 15 * 60_000;

/** The gateway heard the question and refused it. Who must act: the message says. */
class RefusedError extends Error {
  override readonly name = "RefusedError";
}

/** Whether the gateway did what was asked is not known. The same command may be given again. */
class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";
}

/** A body to send, with its type. */
interface SentBody {
  readonly type: "application/json" | "application/xml";
  readonly content: string | Uint8Array;
}

export interface GatewayClient {
  /** @throws RefusedError or NoAnswerError. */
  get(path: string): Promise<Buffer>;
  /** @throws RefusedError or NoAnswerError. */
  post(path: string, body: SentBody): Promise<Buffer>;
}

/** The options that every such command takes. */
export const GATEWAY_OPTIONS = {
  url: { type: "string" },
  credentials: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

export const GATEWAY_OPTIONS_HELP = `  --url URL            the operators' listener, for instance https://127.0.0.1:8444
  --credentials FILE   an agent's credentials, as \`agent issue\` writes them`;

export const EXIT_HELP =
  "It ends with 0 when it was done, with 1 when the gateway refused it, with 2 for a wrong command or file, and with 3 when\nno answer came; then the same command may be given again.";

/**
 * Runs what a command asks of a gateway, and tells a refusal or a lost connection.
 *
 * @param again how to ask the same again, where the same command line is not enough.
 * @returns the exit code.
 */
export async function asking(
  values: { readonly url?: string | undefined; readonly credentials?: string | undefined },
  ask: (client: GatewayClient) => Promise<number>,
  again = "Give the same command again.",
): Promise<number> {
  const url = urlFrom(needed(values.url, "--url"));
  const credentials = credentialsFrom(needed(values.credentials, "--credentials"));
  try {
    return await ask(createClient({ url, credentials }));
  } catch (error) {
    if (error instanceof RefusedError) {
      process.stderr.write(`pass-tpe: ${error.message}\n`);
      return EXIT_FAILED;
    }
    if (!(error instanceof NoAnswerError)) throw error;
    process.stderr.write(`pass-tpe: ${error.message}\n${again}\n`);
    return EXIT_UNFINISHED;
  }
}

/** An answer that is JSON, in the form that is expected of it. @throws NoAnswerError when it has another. */
export function parsed<S extends z.ZodType>(schema: S, answer: Buffer): z.output<S> {
  try {
    return schema.parse(JSON.parse(answer.toString("utf8")));
  } catch {
    throw new NoAnswerError(
      "the answer is not one that this program knows: is it of this version?",
    );
  }
}

export function json(value: object): SentBody {
  return { type: "application/json", content: JSON.stringify(value) };
}

function createClient(to: {
  readonly url: string;
  readonly credentials: AgentCredentials;
}): GatewayClient {
  return {
    get: (path) => exchange({ ...to, path, body: null }),
    post: (path, body) => exchange({ ...to, path, body }),
  };
}

interface Question {
  readonly url: string;
  readonly credentials: AgentCredentials;
  readonly path: string;
  readonly body: SentBody | null;
}

async function exchange(question: Question): Promise<Buffer> {
  const { url } = question;
  let answer: { readonly status: number; readonly body: Buffer };
  try {
    answer = await roundTrip(question);
  } catch (error) {
    throw new NoAnswerError(`no answer from ${url}: ${reasonOf(error)}`, { cause: error });
  }
  const { status, body } = answer;
  if (status === 200) return body;
  const why = refusalIn(body);
  if (status >= 500 || status === 429 || status === 408) {
    throw new NoAnswerError(`the gateway could not answer (HTTP ${status}): ${why}`);
  }
  throw new RefusedError(`the gateway refuses (HTTP ${status}): ${why}`);
}

function roundTrip({ url, credentials, path, body }: Question) {
  return new Promise<{ readonly status: number; readonly body: Buffer }>((resolve, reject) => {
    const outgoing = request(new URL(path, url), {
      method: body === null ? "GET" : "POST",
      ...(body === null ? {} : { headers: { "Content-Type": body.type } }),
      ca: credentials.ca,
      cert: credentials.certificate,
      key: credentials.privateKey,
      timeout: SILENCE_MAX_MS,
    });
    outgoing.once("timeout", () => outgoing.destroy(new Error("it has been silent for too long")));
    outgoing.once("error", reject);
    outgoing.once("response", (response) => {
      wholeOf(response).then(
        (whole) => resolve({ status: response.statusCode ?? 0, body: whole }),
        reject,
      );
    });
    outgoing.end(body?.content);
  });
}

async function wholeOf(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) throw new Error("its answer is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const ProblemSchema = z.object({
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});

/** Code, detail and wrong fields of a problem document. */
function refusalIn(body: Buffer): string {
  try {
    const { code, detail, errors = [] } = ProblemSchema.parse(JSON.parse(body.toString("utf8")));
    const places = errors.map((it) => `${it.pointer || "/"} ${it.detail}`);
    return [`${code}: ${detail}`, ...places].join("\n  ");
  } catch {
    return "no reason given";
  }
}
