// Owns the build of the two browser modules of the widget: small gallery, large Vega runtime.
import { mkdir } from "node:fs/promises";
import { build } from "esbuild";

const OUTPUT = "erp_widget/static";

await mkdir(OUTPUT, { recursive: true });
await build({
  entryPoints: { gallery: "js/gallery/index.ts", runtime: "js/runtime/index.ts" },
  outdir: OUTPUT,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  loader: { ".css": "text" },
  logLevel: "warning",
});
