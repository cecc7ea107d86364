// Prints which modules are loaded by `import "@weir/results"` and by making one of each store: `node loaded-modules.ts`.
import { registerHooks } from "node:module";

const loaded: string[] = [];
registerHooks({
  load(url, context, next) {
    loaded.push(url);
    return next(url, context);
  },
});
const { azureStore, encrypted, gcsStore, localStore, memoryStore, pseudonymous, s3Store } = await import("../index.ts");
const key = Buffer.alloc(32);
const stores = [s3Store({ bucket: "b" }), gcsStore({ bucket: "b" }), azureStore({ container: "c" }), memoryStore()];
for (const store of [...stores, localStore({ directory: "d" })]) encrypted(pseudonymous(store, key), key);
console.log(loaded.join("\n"));
