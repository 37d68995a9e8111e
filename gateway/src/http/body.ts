// Reads a request's body: of its one type, not too large, in time, and checked by its schema before anyone sees it.

import { BODY_BYTES_MAX } from "@pass-tpe/protocol";
import express, { type NextFunction, type Request, type Response } from "express";
import type { z } from "zod";
import type { After } from "../core/ports.js";
import { afterTimeout } from "./after.js";
import { type FieldError, ProblemError } from "./problem-error.js";

/** A body that has not arrived whole by then is refused. */
export const BODY_TIMEOUT_MS = 5_000;
/** A report of a bank is larger, and may come over a slow line. */
const XML_TIMEOUT_MS = 30_000;

type Middleware = (request: Request, response: Response, next: NextFunction) => void;

/** Builds the middleware that reads a JSON body into `request.body`. */
export function readJsonBody(
  timeoutMs: number = BODY_TIMEOUT_MS,
  after: After = afterTimeout,
): Middleware {
  return readBoundedJsonBody({ bytesMax: BODY_BYTES_MAX, timeoutMs, after });
}

/** Builds the same with a limit of its own. */
export function readBoundedJsonBody(limits: {
  readonly bytesMax: number;
  readonly timeoutMs?: number;
  readonly after?: After;
}): Middleware {
  const { bytesMax, timeoutMs = BODY_TIMEOUT_MS, after = afterTimeout } = limits;
  const parse = express.json({
    limit: bytesMax,
    strict: true,
    inflate: false,
    // An empty body would be read as `{}`, and nobody asked for "all of it" by saying nothing.
    verify(_request, _response, bytes) {
      if (bytes.length === 0) throw new SyntaxError("an empty body");
    },
  });
  return readBody({ type: "application/json", name: "JSON", bytesMax, parse, timeoutMs, after });
}

/** Builds the middleware that reads an XML body into `request.body`, byte for byte as it was sent. */
export function readXmlBody(bytesMax: number, timeoutMs: number = XML_TIMEOUT_MS): Middleware {
  const parse = express.raw({ type: "application/xml", limit: bytesMax, inflate: false });
  const after = afterTimeout;
  return readBody({ type: "application/xml", name: "XML", bytesMax, parse, timeoutMs, after });
}

function readBody(form: {
  readonly type: string;
  readonly name: string;
  readonly bytesMax: number;
  readonly parse: Middleware;
  readonly timeoutMs: number;
  readonly after: After;
}): Middleware {
  const { type, parse, timeoutMs, after } = form;
  return (request, response, next) => {
    if (!request.is(type)) {
      const detail = `Send Content-Type: ${type}.`;
      next(new ProblemError({ code: "FORMAT_ERROR", status: 415, detail }));
      return;
    }
    let isLate = false;
    const callOff = after(timeoutMs, () => {
      isLate = true;
      next(lateBody(timeoutMs));
    });
    parse(request, response, (error?: unknown) => {
      callOff();
      if (!isLate) next(error === undefined ? undefined : bodyProblem(error, form));
    });
  };
}

/** A body that was not there in time. */
export function lateBody(timeoutMs: number): ProblemError {
  const detail = `The body did not arrive within ${timeoutMs} ms.`;
  return new ProblemError({ code: "SYSTEM_ERROR", status: 408, detail });
}

/** A body that is not what its type says. */
export function malformedBody(name: string): ProblemError {
  return new ProblemError({ code: "FORMAT_ERROR", detail: `The body is not well-formed ${name}.` });
}

/** What went wrong, in words that do not repeat the body: it may hold evidence. */
function bodyProblem(
  error: unknown,
  form: { readonly name: string; readonly bytesMax: number },
): unknown {
  const type = typeof error === "object" && error !== null && "type" in error ? error.type : null;
  switch (type) {
    case "entity.too.large":
      return new ProblemError({
        code: "FORMAT_ERROR",
        status: 413,
        detail: `The body is larger than ${form.bytesMax} bytes.`,
      });
    case "encoding.unsupported":
    case "charset.unsupported":
      return new ProblemError({
        code: "FORMAT_ERROR",
        status: 415,
        detail: "Send the body as UTF-8, without content encoding.",
      });
    case "entity.parse.failed":
    case "entity.verify.failed":
    case "request.aborted":
    case "request.size.invalid":
      return malformedBody(form.name);
    default:
      return error;
  }
}

/**
 * Checks a body against its schema.
 *
 * @throws ProblemError FORMAT_ERROR that points at each wrong field, without its value.
 */
export function parseBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw malformed(parsed.error.issues);
}

/** What is refused for its form, with each wrong field and never a value. */
function malformed(issues: readonly z.core.$ZodIssue[]): ProblemError {
  return new ProblemError({
    code: "FORMAT_ERROR",
    detail: "The request does not have the form that the API asks for; see errors.",
    errors: fieldErrors(issues),
  });
}

/** The most field errors that one problem lists. */
const ERRORS_MAX = 10;

/** Where and why a value does not fit, without the value. */
export function fieldErrors(issues: readonly z.core.$ZodIssue[]): readonly FieldError[] {
  return issues.slice(0, ERRORS_MAX).map((issue) => ({
    pointer: issue.path.map((part) => `/${String(part)}`).join(""),
    detail: describe(issue),
  }));
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return "has a field that is not known";
  if (issue.code !== "invalid_union") return issue.message;
  return "discriminator" in issue
    ? "is none of the kinds that are known"
    : "has none of the forms that are allowed";
}
