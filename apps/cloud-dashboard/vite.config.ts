import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** A cloud to develop against: `WEIR_API_URL=http://127.0.0.1:4200 pnpm exec vite`. */
const cloud = process.env.WEIR_API_URL ?? "http://127.0.0.1:4200";

export default defineConfig({
  root: `${import.meta.dirname}/src/page`,
  plugins: [react(), tailwindcss()],
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
    proxy: { "/graphql": { target: cloud, changeOrigin: true }, "/auth": { target: cloud, changeOrigin: true } },
  },
});
