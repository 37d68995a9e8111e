// What is wrong with a catalogue: each place with its reason, and the line where it was read from a file.

import type { Misfit } from "./consistency.js";

/** The programme's data is wrong. Who must act: whoever wrote it; each line of the message names place and reason. */
export class CatalogueError extends Error {
  override readonly name = "CatalogueError";
  readonly misfits: readonly Misfit[];

  constructor(misfits: readonly Misfit[], place: (misfit: Misfit) => string = pathText) {
    super(misfits.map((misfit) => `${place(misfit)}: ${misfit.reason}`).join("\n"));
    this.misfits = misfits;
  }
}

function pathText({ path }: Misfit): string {
  return path.length === 0 ? "programme" : path.join(".");
}
