// Checks what a terminal is opened with, before anything is opened.

import { DEFAULT_DEADLINES, type Deadlines } from "./deadlines.js";
import { fieldsOf, invalid, kindOf, requireFunctions, requireText } from "./given.js";
import type { TerminalOptions } from "./options.js";
import type { CardReader } from "./readers/reader.js";

/** The longest wait that the system's timers can make: 2^31 - 1 ms, 24 days. A longer one would end at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** Hosts that only a double can have: this machine's own, and names that never resolve (RFC 6761 §6.2, §6.3). */
const DOUBLE_HOST = /^(localhost|.+\.localhost|.+\.test|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Checks everything but the content of credentials and journal.
 *
 * @throws PassTpeError `OPTIONS_INVALID`: names the field and says what to give.
 */
export function checkOptions(options: TerminalOptions): void {
  const given = fieldsOf("options", options);
  checkGateway(given["gateway"]);
  checkCredentials(given["credentials"], given["keepCredentials"]);
  checkJournal(given["journal"]);
  checkLease(given);
  checkReaders(given["readers"], given["pinPad"] !== undefined);
  checkParts(given);
  if (given["deadlines"] !== undefined) checkDeadlines(fieldsOf("deadlines", given["deadlines"]));
}

function checkGateway(gateway: unknown): void {
  requireText("gateway", gateway);
  const text = String(gateway);
  if (!URL.canParse(text)) {
    throw invalid("gateway must be a URL, such as https://gateway.example:8443");
  }
  const url = new URL(text);
  if (url.protocol === "https:") return;
  if (url.protocol !== "http:") throw invalid("gateway must be an https URL");
  if (DOUBLE_HOST.test(url.hostname)) return;
  throw invalid("gateway must be an https URL: plain http is only for a double on this machine");
}

function checkCredentials(credentials: unknown, keep: unknown): void {
  if (keep !== undefined) {
    if (typeof keep !== "function") {
      throw invalid(`keepCredentials must be a function, not ${kindOf(keep)}`);
    }
    if (typeof credentials !== "object") {
      throw invalid("keepCredentials is for credentials that are no path; leave it out");
    }
  }
  if (credentials === undefined || typeof credentials === "string") return;
  fieldsOf("credentials", credentials);
}

function checkJournal(journal: unknown): void {
  if (typeof journal === "object") {
    requireFunctions({ name: "journal", value: journal, functions: ["append", "close"] });
  } else requireText("journal", journal);
}

function checkLease({ journal, till, takeOver }: Readonly<Record<string, unknown>>): void {
  if (till !== undefined) requireText("till", till);
  if (takeOver !== undefined && typeof takeOver !== "boolean") {
    throw invalid(`takeOver must be true or false, not ${kindOf(takeOver)}`);
  }
  if (typeof journal === "object" && (till !== undefined || takeOver !== undefined)) {
    throw invalid("till and takeOver are for the path of a journal; give them to Journal.open");
  }
}

const READER_FUNCTIONS: readonly (keyof CardReader)[] = ["open", "arm", "disarm", "close"];

function checkReaders(readers: unknown, hasPinPad: boolean): void {
  if (!Array.isArray(readers)) {
    throw invalid(`readers must be an array of readers, not ${kindOf(readers)}`);
  }
  for (const [index, reader] of readers.entries()) {
    const name = `readers[${index}]`;
    requireFunctions({ name, value: reader, functions: READER_FUNCTIONS });
    if (readers.indexOf(reader) !== index) throw invalid(`${name} is given twice`);
    const { name: readerName, needsPin } = reader as CardReader;
    if (needsPin === true && !hasPinPad) {
      throw invalid(`${name} (${readerName}) presents what needs a PIN: give a pinPad too`);
    }
  }
}

function checkParts({ pinPad, clock, random, network }: Readonly<Record<string, unknown>>): void {
  if (pinPad !== undefined) {
    requireFunctions({ name: "pinPad", value: pinPad, functions: ["requestPin", "close"] });
  }
  if (clock !== undefined) {
    const functions = ["nowMs", "monotonicMs", "after"];
    requireFunctions({ name: "clock", value: clock, functions });
  }
  if (random !== undefined && typeof random !== "function") {
    throw invalid(`random must be a function, not ${kindOf(random)}`);
  }
  if (network !== undefined) {
    requireFunctions({ name: "network", value: network, functions: ["connect"] });
  }
}

function checkDeadlines(given: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(DEFAULT_DEADLINES);
  for (const [name, value] of Object.entries(given)) {
    if (!names.includes(name)) {
      throw invalid(`deadlines.${name} does not exist; there are ${names.join(", ")}`);
    }
    if (typeof value !== "number" || !(value > 0 && value <= TIMER_MS_MAX)) {
      const range = `milliseconds above 0 and at most ${TIMER_MS_MAX}`;
      throw invalid(`deadlines.${name} must be a number of ${range}`);
    }
  }
  const { saleMs, marginMs }: Deadlines = { ...DEFAULT_DEADLINES, ...given };
  if (saleMs <= marginMs) {
    throw invalid(
      `deadlines.saleMs (${saleMs}) must be above deadlines.marginMs (${marginMs}): nothing is left for the gateway`,
    );
  }
}
