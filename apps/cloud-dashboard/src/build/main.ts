import { buildPage } from "./build-page.ts";

// Run by every install. Does nothing where the page is as new as its sources.

const { built, seconds, bytes } = await buildPage();
if (built) process.stdout.write(`the dashboard: ${Math.round(bytes / 1024)} KiB in ${seconds.toFixed(1)} s\n`);
