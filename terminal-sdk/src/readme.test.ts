import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, it } from "vitest";

const README = fileURLToPath(new URL("../README.md", import.meta.url));
/** It lies nowhere: beside the sources, so that it can import them. */
const EXAMPLE = fileURLToPath(new URL("readme-example.ts", import.meta.url));

/** What a till has of its own. */
const PRELUDE = `
import {
  enrolTerminal, receiptLines, receiptOf, softwarePinPad, Terminal, type TerminalOptions
} from "./index.js";
declare const terminal: Terminal;
declare const options: TerminalOptions;
declare const saleId: string;
declare const keyboard: {
  ask(prompt: readonly [string, string], signal: AbortSignal): Promise<string | null>;
};
declare function collect(cents: number): void;
declare function print(lines: string[]): void;
declare function log(...texts: string[]): void;
`;

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  customConditions: ["pass-tpe-source"],
  types: ["node"],
  skipLibCheck: true,
  noEmit: true,
};

function errorsIn(source: string): string[] {
  const host = ts.createCompilerHost(OPTIONS);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (path) => path === EXAMPLE || fileExists(path);
  host.getSourceFile = (path, target, ...rest) =>
    path === EXAMPLE
      ? ts.createSourceFile(path, source, target)
      : getSourceFile(path, target, ...rest);
  const program = ts.createProgram([EXAMPLE], OPTIONS, host);
  const file = program.getSourceFile(EXAMPLE);
  const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}

/** The compiler reads the whole SDK and its types. */
const COMPILE_TIMEOUT_MS = 120_000;

it("the README's examples compile, one after the other", { timeout: COMPILE_TIMEOUT_MS }, () => {
  const blocks = [...readFileSync(README, "utf8").matchAll(/```ts\n([\s\S]*?)```/g)];
  expect(blocks.length).toBeGreaterThanOrEqual(3);
  // The last line is wrong, so that a compiler which sees nothing is noticed.
  const source = [PRELUDE, ...blocks.map(([, code]) => code), "log(42);"].join("\n");
  expect(errorsIn(source)).toEqual([expect.stringContaining("type 'number' is not assignable")]);
});
