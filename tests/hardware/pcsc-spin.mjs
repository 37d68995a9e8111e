// @ts-check
// A till on the built SDK, for a PC/SC service that listens and takes no clients: tells the reader's state, and that it still turns.
import { pcscReader } from "@pass-tpe/terminal-sdk";

let turns = 0;
const turning = setInterval(() => {
  turns += 1;
}, 10);
const reader = pcscReader();
await reader.open((event) => {
  if (event.type === "state")
    process.stdout.write(`${JSON.stringify({ ...event.state, turns })}\n`);
});
await reader.close();
clearInterval(turning);
