// Owns the build of the browser files: small gallery, large Vega runtime, script of exported pages.
import { mkdir } from "node:fs/promises";
import { build } from "esbuild";

const OUTPUT = "erp_widget/static";

await mkdir(OUTPUT, { recursive: true });
const SHARED = {
  outdir: OUTPUT,
  bundle: true,
  target: "es2022",
  minify: true,
  legalComments: "none",
  loader: { ".css": "text" },
  logLevel: "warning",
};
await build({
  ...SHARED,
  entryPoints: { gallery: "js/gallery/index.ts", runtime: "js/runtime/index.ts" },
  format: "esm",
});
// An exported page is one file, so its script brings the runtime along.
await build({ ...SHARED, entryPoints: { page: "js/page/index.ts" }, format: "iife" });
