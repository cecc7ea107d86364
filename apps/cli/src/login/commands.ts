import type { Command } from "commander";
import { describe, exitsWith, type Lazily } from "../command.ts";

/** Commands about who one is for the cloud. */
export function addLogin(program: Command, lazily: Lazily): void {
  describe(program.command("login"), {
    summary: "sign in by way of the browser, and keep a key of one's own",
    details:
      "Prints an address; whoever is signed in there and allows it gives this machine a key with their role, for ninety days. It is kept in ~/.config/weir/profiles, readable by you alone. --profile names the profile, for this and every other command; without it, `default`.",
    examples: ["weir login --url https://weir.example.org", "weir login --profile ci --key-file ci-key"],
    exits: exitsWith(),
    json: "{ profile, file, url, email, tenant }",
  })
    .option("--url <address>", "the cloud; default WEIR_API_URL, or the one on this machine")
    .option("--key-file <file>", "keep the key of this file, without a browser")
    .action(lazily(async () => (await import("./login.ts")).login));
  describe(program.command("logout"), {
    summary: "end the key of a profile that `weir login` made, and forget it",
    details:
      "A key of a file (`weir login --key-file`) is forgotten and not ended. Where the cloud cannot be reached, the key is forgotten here all the same, and a sentence says that it is still good there.",
    examples: ["weir logout", "weir logout --profile ci"],
    exits: ["ok", "usage", "auth"],
    json: "{ profile, removed, revoked }",
  }).action(lazily(async () => (await import("./logout.ts")).logout));
  describe(program.command("profiles"), {
    summary: "list profiles, never their keys",
    examples: ["weir profiles"],
    exits: ["ok", "usage", "auth"],
    json: "{ profiles: [{ name, url, email, tenant }] }",
  }).action(lazily(async () => (await import("./profiles.ts")).profiles));
}
