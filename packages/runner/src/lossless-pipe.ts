import type { Socket } from "node:net";

type Done = (error?: Error | null) => void;

/**
 * Makes a duplex pipe give every byte that its other end wrote, also when writing to it fails. Node gives a socket up at the first
 * failed write (EPIPE: the process has just ended) and at ECONNRESET (it ended with something unread), and whatever it had said
 * before is lost with it: the last state of a flow that ends in the moment in which a cancel is sent.
 */
export function makeLossless(pipe: Socket): void {
  // A failed write says nothing about reading, which goes on to its own end. Nobody waits for the success of a single write.
  const write = pipe._write.bind(pipe);
  pipe._write = (chunk, encoding, done: Done) => write(chunk, encoding, () => done());
  const writev = pipe._writev?.bind(pipe);
  if (writev) pipe._writev = (chunks, done: Done) => writev(chunks, () => done());
  const destroy = pipe.destroy.bind(pipe);
  pipe.destroy = (error?: Error) => {
    if (error === undefined) return destroy();
    // The system hands out what it still holds before it tells ECONNRESET: what was read ends here, and nothing is missing.
    pipe.push(null);
    return pipe;
  };
  pipe.once("end", () => destroy());
}
