// Knows which sales and acts wait, by what they ask: a copy of one that waits has the answer of that one.

import { isDeepStrictEqual } from "node:util";
import type { Answer, Command } from "../core/ports.js";

interface Copy {
  readonly command: Command;
  readonly answer: Promise<Answer>;
}

export interface Copies {
  /** A command waits from now on, until it has its answer. */
  add(command: Command, answer: Promise<Answer>): void;
  /** The answer that a command which waits will have, where it asks for the same under the same id; else null. */
  answerOf(command: Command): Promise<Answer> | null;
}

export function createCopies(): Copies {
  const waiting = new Map<string, Copy>();
  return {
    add(command, answer) {
      const name = nameOf(command);
      if (name === null) return;
      const copy = { command, answer };
      // The one that waits longest counts.
      waiting.set(name, copy);
      const forget = () => {
        if (waiting.get(name) === copy) waiting.delete(name);
      };
      answer.then(forget, forget);
    },
    answerOf(command) {
      const name = nameOf(command);
      const copy = name === null ? undefined : waiting.get(name);
      if (copy === undefined) return null;
      // Under an id of its own it may come again; under this one it is another request.
      if (!isSame(copy.command, command)) return Promise.resolve({ type: "conflict" });
      return copy.answer;
    },
  };
}

/** Null for what is no till's: an agent sends its events again until each is answered. */
function nameOf(command: Command): string | null {
  switch (command.type) {
    case "authorize":
    case "inquire":
      return JSON.stringify(["attempt", command.terminalId, command.request.id]);
    case "reverse":
    case "capture":
      return JSON.stringify([command.type, command.terminalId, command.id]);
    case "refund":
      return JSON.stringify(["refund", command.of.terminalId, command.request.id]);
    case "load":
      return null;
  }
}

/** Whether two ask the same; when they came, and how long they may take, may differ. */
const isSame = (one: Command, other: Command) => isDeepStrictEqual(asked(one), asked(other));

function asked(command: Command): object {
  if (command.type !== "authorize" && command.type !== "inquire") return command;
  const { receivedAtMonotonicMs: _at, request, ...who } = command;
  const { deadlineMs: _ms, ...what } = request;
  return { ...who, what };
}
