import { Viewer } from "../generated/operations.ts";
import { client } from "./client.ts";

const MOST_PAUSE_MS = 5_000;

/**
 * Loads the code of a page. While the cloud is away it is asked for again and again, and the bar above the page says so. Code that a cloud has no more,
 * since it serves a newer page, is an error: the router then loads the page anew.
 */
export async function patiently<Code>(load: () => Promise<Code>): Promise<Code> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await load();
    } catch (error) {
      if (await answers()) throw error;
      void client.invalidateQueries({ queryKey: [Viewer.name] });
      await new Promise((over) => setTimeout(over, Math.min(tries * 1_000, MOST_PAUSE_MS)));
    }
  }
}

async function answers(): Promise<boolean> {
  return await fetch("/weir.svg", { cache: "no-store" }).then(
    () => true,
    () => false,
  );
}
