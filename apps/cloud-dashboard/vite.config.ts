import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** A cloud to develop against: `WEIR_API_URL=http://127.0.0.1:4200 pnpm exec vite`. */
const cloud = process.env.WEIR_API_URL ?? "http://127.0.0.1:4200";

/**
 * Markdown's `&lt;` by a table. In browsers, the package would write each into `innerHTML` and read what became of it, which the page's policy forbids.
 */
const entitiesByTable: Plugin = {
  name: "entities-by-table",
  enforce: "pre",
  async resolveId(source, importer) {
    if (source !== "decode-named-character-reference") return null;
    const found = await this.resolve(source, importer, { skipSelf: true });
    return found === null ? null : found.id.replace(/index\.dom\.js$/, "index.js");
  },
};

export default defineConfig({
  root: `${import.meta.dirname}/src/page`,
  plugins: [entitiesByTable, react(), tailwindcss()],
  build: {
    outDir: `${import.meta.dirname}/dist/page`,
    emptyOutDir: true,
    target: "es2023",
    // Nothing inline: the page's policy allows no data URLs of scripts or styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2_000,
  },
  server: {
    proxy: Object.fromEntries(
      ["/graphql", "/auth", "/export"].map((path) => [path, { target: cloud, changeOrigin: true }]),
    ),
  },
});
