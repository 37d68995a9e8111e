// Sends events to the operators' listener as a stream, and yields the answers as they come back.

import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import type { AgentCredentials } from "../../operator.js";

/** An answer is small; what is longer is not one. */
const ANSWER_BYTES_MAX = 64 * 1024;
const NEWLINE = 0x0a;

const LineAnswerSchema = z.union([
  z.object({
    line: z.int(),
    id: z.string(),
    outcome: z.enum(["applied", "unchanged"]),
    notes: z.array(z.string()),
  }),
  z.object({
    line: z.int(),
    id: z.string().optional(),
    code: z.string(),
    detail: z.string(),
  }),
]);
export type LineAnswer = z.infer<typeof LineAnswerSchema>;

/** The last line of a load that the gateway ended before its time: of no line of the file. */
const ProblemSchema = z.object({
  line: z.undefined().optional(),
  status: z.int(),
  detail: z.string(),
});

/** The gateway took nothing, or ended early. What was answered before is loaded. */
export class UploadError extends Error {
  override readonly name = "UploadError";
}

/**
 * Streams a body to `POST /v1/events/batch`.
 *
 * @throws UploadError when the gateway refuses the load, cannot be reached, or ends before the last answer; the
 * signal's reason when it is aborted.
 */
export async function* upload(input: {
  readonly url: string;
  readonly credentials: AgentCredentials;
  readonly body: AsyncIterable<Buffer>;
  readonly signal: AbortSignal;
}): AsyncGenerator<readonly LineAnswer[]> {
  const { url, credentials, body, signal } = input;
  const outgoing = request(new URL("/v1/events/batch", url), {
    method: "POST",
    headers: { "Content-Type": "application/x-ndjson" },
    ca: credentials.ca,
    cert: credentials.certificate,
    key: credentials.privateKey,
    signal,
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once("response", resolve);
    outgoing.once("error", reject);
  });
  // Whatever ends the sending early ends the answers too, and is told there.
  pipeline(Readable.from(body), outgoing).catch(() => undefined);
  try {
    const response = await answered;
    if (response.statusCode !== 200) throw await refusal(response);
    yield* answersOf(response);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UploadError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new UploadError(`the connection to ${url} ended: ${why}`, { cause: error });
  } finally {
    outgoing.destroy();
  }
}

async function refusal(response: IncomingMessage): Promise<UploadError> {
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  const detail = /"detail":"([^"]*)"/.exec(text)?.[1] ?? "no reason given";
  return new UploadError(`the gateway refuses the load (HTTP ${response.statusCode}): ${detail}`);
}

async function* answersOf(response: IncomingMessage): AsyncGenerator<readonly LineAnswer[]> {
  let rest = Buffer.alloc(0);
  for await (const chunk of response) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    rest = bytes.subarray(end);
    if (rest.length > ANSWER_BYTES_MAX) throw new UploadError("the answer is not the gateway's");
    const lines = bytes.toString("utf8", 0, end).split("\n").filter(Boolean);
    const read = lines.map((line): unknown => JSON.parse(line));
    const problem = ProblemSchema.safeParse(read.at(-1));
    yield (problem.success ? read.slice(0, -1) : read).map((it) => LineAnswerSchema.parse(it));
    if (problem.success) {
      const { status, detail } = problem.data;
      throw new UploadError(`the gateway ended the load (HTTP ${status}): ${detail}`);
    }
  }
}
