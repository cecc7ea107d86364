import { Refusal } from "@weir/protocol";
import { refuseContradicted } from "../boundary/refuse-contradicted.ts";
import { type Cloud, withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { inspectFlows } from "./inspect.ts";
import type { SignOptions } from "../sign/commands.ts";
import { chosenSigner, tellDistrust } from "../sign/own-signer.ts";
import { storeCode } from "./store-code.ts";
import { ensureProject, type Registered, registerFlows } from "./register-flows.ts";

interface Options extends SignOptions {
  readonly store?: string;
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
  const signer = await chosenSigner(io, options);
  const { store } = options;
  const found = await inspectFlows(io, file);
  const flows = store === undefined ? found : await storeCode(io, store, found);
  await refuseContradicted(io, options.project, flows);
  const work = async (cloud: Cloud): Promise<Registered[]> => {
    if (options.createProject) await ensureProject(cloud, options.project);
    return await registerFlows(cloud, options.project, flows).catch((error: unknown) => {
      throw withAdvice(error);
    });
  };
  const registered = await withCloud(io, work, { signer });
  await tellDistrust(io, signer);
  if (options.json) {
    printDocument(io, { project: options.project, flows: registered, signedBy: signer?.kid ?? null });
    return EXIT.ok;
  }
  const signed = signer === null ? "" : `  signed by ${signer.kid}`;
  for (const { flow, version, created } of registered) {
    const news = created ? io.paint.green("new") : io.paint.dim("unchanged");
    line(io, `${io.paint.bold(flow)}  version ${version}  ${news}  in project ${options.project}${signed}`);
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
