import { Refusal } from "@weir/protocol";
import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { inspectFlows } from "./inspect.ts";
import { ensureProject, registerFlows } from "./register-flows.ts";

interface Options {
  readonly project: string;
  readonly createProject?: boolean;
  readonly json?: boolean;
}

/** The cloud cannot know that this command would make the project. */
function withAdvice(error: unknown): unknown {
  if (!(error instanceof Refusal) || error.code !== "NOT_FOUND") return error;
  return new Refusal("NOT_FOUND", `${error.message} To create it with this command, add --create-project.`);
}

/** `weir register FILE` */
export async function register(io: Io, [file = ""]: readonly string[], options: Options): Promise<ExitCode> {
  const flows = await inspectFlows(io, file);
  const registered = await withCloud(io, async (cloud) => {
    if (options.createProject) await ensureProject(cloud, options.project);
    return await registerFlows(cloud, options.project, flows).catch((error: unknown) => {
      throw withAdvice(error);
    });
  });
  if (options.json) {
    printDocument(io, { project: options.project, flows: registered });
    return EXIT.ok;
  }
  for (const { flow, version, created } of registered) {
    const news = created ? io.paint.green("new") : io.paint.dim("unchanged");
    line(io, `${io.paint.bold(flow)}  version ${version}  ${news}  in project ${options.project}`);
  }
  const [first] = registered;
  if (first)
    line(
      io,
      io.paint.dim(
        `Start a run: weir run ${first.flow}${options.project === "default" ? "" : ` --project ${options.project}`}`,
      ),
    );
  return EXIT.ok;
}
