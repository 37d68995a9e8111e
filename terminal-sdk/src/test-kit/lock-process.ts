// Another process that takes and gives back locks when it is told to, for the tests of the lock.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import ts from "typescript";

/** Reads a path per line: takes its lock and says what came of it, or gives back what it holds for an empty line. */
const PROGRAM = `
import { createInterface } from "node:readline";
import { lockFile } from "./file-lock.js";
let release = async () => undefined;
for await (const path of createInterface({ input: process.stdin })) {
  if (path === "") {
    await release();
    release = async () => undefined;
    console.log("released");
    continue;
  }
  try {
    release = await lockFile(path);
    console.log("held");
  } catch (thrown) {
    console.log(thrown.name === "FileInUseError" ? "refused" : String(thrown));
  }
}
`;

export interface LockProcess {
  readonly child: ChildProcess;
  /** Tries to take the lock beside a file: "held", "refused", or the error. */
  take(path: string): Promise<string>;
  release(): Promise<string>;
  /** Ends it as a crash would: what it holds stays on the disk. */
  kill(): Promise<void>;
}

/** Starts one. The folder gets the lock's own source, compiled, beside the program. */
export function startLockProcess(folder: string): LockProcess {
  if (!existsSync(join(folder, "program.js"))) compileInto(folder);
  const child = spawn(process.execPath, [join(folder, "program.js")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const ask = async (line: string): Promise<string> => {
    const said = once(lines, "line");
    child.stdin.write(`${line}\n`);
    const [answer] = await said;
    return String(answer);
  };
  return {
    child,
    take: ask,
    release: () => ask(""),
    kill: async () => {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

function compileInto(folder: string): void {
  mkdirSync(join(folder, "lease"));
  for (const name of ["file-lock", "lock-owner", "lease/folder", "lease/succession"]) {
    const source = readFileSync(new URL(`../${name}.ts`, import.meta.url), "utf8");
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    writeFileSync(join(folder, `${name}.js`), outputText);
  }
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  writeFileSync(join(folder, "program.js"), PROGRAM);
}
