import { type Command, Option } from "commander";
import { describe, exitsWith, type Lazily, wholeNumber } from "../command.ts";

const PORT = 4690;

/** The command that shows a cloud from one's own machine. */
export function addDashboard(program: Command, lazily: Lazily): void {
  describe(program.command("dashboard"), {
    summary: "show the dashboard of your own install, against the cloud of your profile",
    details:
      "For whoever opens sealed things in the browser and does not want to trust the page that a cloud serves. It listens on 127.0.0.1 alone; your key stays in this process. Stays until Ctrl-C.",
    examples: ["weir dashboard --open", "weir --profile work dashboard --port 5000"],
    exits: exitsWith("failed"),
    json: "{ url } once it listens; the address holds a secret",
  })
    .addOption(
      new Option("--port <number>", "port of 127.0.0.1, 0 for a free one; a browser keeps its keys by address")
        .argParser(wholeNumber(0, 65_535))
        .default(PORT),
    )
    .option("--open", "open it in the browser of this machine")
    .action(lazily(async () => (await import("./dashboard.ts")).dashboard));
}
