import { randomBytes } from "node:crypto";
import { openRelay } from "@weir/client";
import { openCloud } from "../connection/cloud.ts";
import { type ConnectionSettings, readSettings } from "../connection/settings.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { until } from "../processes/until.ts";
import { openInBrowser } from "./open-in-browser.ts";
import { startPageServer } from "./page-server.ts";
import { readPage } from "./served-page.ts";

interface Options {
  readonly port: number;
  readonly open?: boolean;
  readonly json?: boolean;
}

const SECRET_BYTES = 32;

/** `weir dashboard` */
export async function dashboard(io: Io, _args: readonly string[], options: Options): Promise<ExitCode> {
  const page = readPage(io.cwd);
  const settings = readSettings(io.env, io.cwd);
  const tenant = await tenantOf(io, settings);
  const relay = openRelay(settings);
  const secret = `weir_p_${randomBytes(SECRET_BYTES).toString("base64url")}`;
  const server = await startPageServer(page, relay, { port: options.port, secret });
  try {
    const url = `http://127.0.0.1:${server.port}/#key=${secret}`;
    const { dim, bold, cyan } = io.paint;
    if (options.json) printDocument(io, { url });
    else {
      line(io, `${bold(tenant)} at ${relay.url}, shown by this machine's own install:\n\n  ${cyan(url)}\n`);
      line(io, dim("Whoever opens this address acts with your key, as long as this runs. Ctrl-C ends it."));
    }
    const opened = options.open ? await openInBrowser(io, url) : null;
    await until(io.interrupted);
    await opened?.remove();
    return EXIT.ok;
  } finally {
    server.close();
    await relay.close();
  }
}

/** Before anything is opened: a key that the cloud does not take is told here, and not in a browser. */
async function tenantOf(io: Io, settings: ConnectionSettings): Promise<string> {
  const cloud = openCloud(io, settings);
  try {
    return (await cloud.ask("Viewer", {})).viewer.tenant.name;
  } finally {
    await cloud.close();
  }
}
