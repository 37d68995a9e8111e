// Reads what strace wrote: each system call as its start and its return, in the order in which strace saw them.

/** A call's start or its return. A call that nothing interrupted stands on one line and gives both, one after the other. */
export interface CallEvent {
  readonly phase: "started" | "returned";
  /** The thread that made the call. */
  readonly thread: number;
  readonly name: string;
  /** What the first argument's descriptor stands for: a path, or `TCP:[…]` for a connection. */
  readonly target: string;
  /** The rest of the arguments as strace prints them; empty on a return. */
  readonly args: string;
  /** Null at the start, and where the call never returned. */
  readonly result: number | null;
}

/** `4711 1700000000.123456 pwrite64(21</a/b>, "…", 24, 0) = 24`, or ending in `<unfinished ...>`. */
const CALL = /^(\d+) +[\d.]+ (\w+)\(\d+<(.*?)>(?=[,)]| <unf)(.*)$/;
/** `4711 1700000000.123456 <... fdatasync resumed>) = 0`. */
const RESUMED = /^(\d+) +[\d.]+ <\.\.\. (\w+) resumed>(.*)$/;
const UNFINISHED = "<unfinished ...>";
const RESULT = /\) += (-?\d+|\?)(?: [^=]*)?$/;

/**
 * Parses the output of `strace -f -ttt -yy -o FILE`. Lines that are no call on a descriptor (signals, ends of
 * threads) give nothing.
 *
 * @throws SyntaxError where a call resumes as another one than was begun: then the trace is not whole.
 */
export function parseStrace(text: string): readonly CallEvent[] {
  const pending = new Map<number, CallEvent>();
  return text.split("\n").flatMap((line) => {
    const resumed = RESUMED.exec(line);
    if (resumed) return resume(resumed, pending);
    const [, thread = "", name = "", target = "", args = ""] = CALL.exec(line) ?? [];
    if (name === "") return [];
    const call = { thread: Number(thread), name, target };
    const started = { ...call, phase: "started", args, result: null } as const;
    if (args.endsWith(UNFINISHED)) {
      pending.set(call.thread, started);
      return [started];
    }
    return [started, { ...call, phase: "returned", args: "", result: resultOf(args) } as const];
  });
}

function resume(match: RegExpExecArray, pending: Map<number, CallEvent>): CallEvent[] {
  const [line, thread = "", name = "", rest = ""] = match;
  const started = pending.get(Number(thread));
  pending.delete(Number(thread));
  // A call without a descriptor was not kept; it is none of ours.
  if (started === undefined) return [];
  if (started.name !== name) {
    throw new SyntaxError(`${name} resumes where ${started.name} was begun: ${line}`);
  }
  return [{ ...started, phase: "returned", args: "", result: resultOf(rest) }];
}

function resultOf(text: string): number | null {
  const found = RESULT.exec(text)?.[1];
  return found === undefined || found === "?" ? null : Number(found);
}
