// What an integrator gave, looked at as data: JavaScript can give anything, and is told what is wrong with it.

import { PassTpeError } from "./errors.js";

/** The error for something given wrongly. @param problem names the field, and says what to give instead. */
export function invalid(problem: string): PassTpeError {
  return new PassTpeError({ code: "OPTIONS_INVALID", detail: problem });
}

/** What a value is, for a message; never the value itself, which could be a secret. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : `of type ${typeof value}`;
}

/** The fields of an object. @throws PassTpeError `OPTIONS_INVALID` where it is none. */
export function fieldsOf(name: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw invalid(`${name} must be an object, not ${kindOf(value)}`);
}

/** @throws PassTpeError `OPTIONS_INVALID` unless the value is an object with all these functions. */
export function requireFunctions(options: {
  name: string;
  value: unknown;
  functions: readonly string[];
}): void {
  const { name, value, functions } = options;
  const fields = fieldsOf(name, value);
  const missing = functions.find((one) => typeof fields[one] !== "function");
  if (missing !== undefined) throw invalid(`${name} must have a function ${missing}()`);
}

/** @throws PassTpeError `OPTIONS_INVALID` unless the value is a text with something in it. */
export function requireText(name: string, value: unknown): void {
  if (typeof value !== "string") throw invalid(`${name} must be a text, not ${kindOf(value)}`);
  if (value === "") throw invalid(`${name} must not be empty`);
}

/** @throws PassTpeError `OPTIONS_INVALID` unless the value is left out or of this type. */
export function allowType(options: {
  name: string;
  value: unknown;
  type: "boolean" | "number";
}): void {
  const { name, value, type } = options;
  if (value === undefined || typeof value === type) return;
  throw invalid(`${name} must be a ${type} or left out, not ${kindOf(value)}`);
}
