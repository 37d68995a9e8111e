// Reads and checks what a terminal sent, as strictly as the gateway: JSON alone, small, of the form asked for.

import { BODY_BYTES_MAX } from "@pass-tpe/protocol";
import { problemReply, type Reply } from "./answers.js";

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Reply };

/** A schema of the protocol, as far as the double needs one. */
interface Schema<T> {
  safeParse(
    data: unknown,
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: readonly { path: PropertyKey[]; message: string }[] } };
}

/** The JSON of a body, or the problem with it. */
export function parseJsonBody(request: {
  contentType: string | null;
  text: string;
}): Checked<unknown> {
  const { contentType, text } = request;
  if (!/^application\/json\s*(?:;|$)/i.test(contentType ?? "")) {
    return refused({ status: 415, detail: "Send Content-Type: application/json." });
  }
  if (Buffer.byteLength(text) > BODY_BYTES_MAX) {
    return refused({ status: 413, detail: `The body is larger than ${BODY_BYTES_MAX} bytes.` });
  }
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return refused({ status: 400, detail: "The body is not well-formed JSON." });
  }
}

/** The value as its schema has it, or a problem that points at each wrong field without its content. */
export function checkForm<T>(schema: Schema<T>, value: unknown): Checked<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const detail = "The request does not have the form that the API asks for; see errors.";
  const errors = parsed.error.issues.map(({ path, message }) => ({
    pointer: path.map((part) => `/${String(part)}`).join(""),
    detail: message,
  }));
  return { ok: false, problem: problemReply({ code: "FORMAT_ERROR", detail, errors }) };
}

function refused(options: { status: number; detail: string }): Checked<never> {
  return { ok: false, problem: problemReply({ code: "FORMAT_ERROR", ...options }) };
}
