import { concurrent } from "./concurrent.ts";
import { describeExecutor } from "./testing/executor-contract.ts";

describeExecutor(concurrent, { copies: false, kills: false });
