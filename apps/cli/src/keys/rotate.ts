import { withCloud } from "../connection/cloud.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { checkedId } from "../runs/checked-id.ts";
import { printKey } from "./print-key.ts";

interface Options {
  readonly overlapMinutes: number;
  readonly json?: boolean;
}

/** `weir keys rotate ID`: the new key alone on stdout. */
export async function rotate(io: Io, [given = ""]: readonly string[], options: Options): Promise<ExitCode> {
  const id = checkedId(given, "weir keys list");
  const { overlapMinutes } = options;
  const made = await withCloud(io, (cloud) => cloud.change("RotateApiKey", { id, overlapMinutes }));
  if (!options.json)
    io.err(overlapMinutes === 0 ? "The old key has ended.\n" : `The old key ends in ${overlapMinutes} minutes.\n`);
  return printKey(io, made, options);
}
