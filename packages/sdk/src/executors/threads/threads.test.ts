import { describeExecutor } from "../testing/executor-contract.ts";
import { threads } from "./threads.ts";

describeExecutor(() => threads({ size: 2 }), { copies: true, kills: true });
