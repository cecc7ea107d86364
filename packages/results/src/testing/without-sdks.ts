// Uses the cloud stores where no cloud SDK is installed, and prints what they say: `node without-sdks.ts`.
import { registerHooks } from "node:module";

registerHooks({
  resolve(specifier, context, next) {
    if (!/^@(aws-sdk|google-cloud|azure)\//.test(specifier)) return next(specifier, context);
    throw Object.assign(new Error(`Cannot find package '${specifier}'`), { code: "ERR_MODULE_NOT_FOUND" });
  },
});
const { azureStore, gcsStore, s3Store } = await import("../index.ts");
const where = { runId: "r", flow: "f", task: "t", taskRunNumber: 1, attempt: 1, tryNumber: 1 };
const stores = [
  s3Store({ bucket: "b" }),
  gcsStore({ bucket: "b" }),
  azureStore({ container: "c", url: "http://localhost" }),
];
for (const store of stores) console.log(await store.write(1, where).catch(String));
for (const store of stores) console.log(await store.read("x").catch(String));
