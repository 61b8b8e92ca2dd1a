// Owns the build of the browser files: small gallery and lists, large Vega runtime, script of exported pages.
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { build, transform } from "esbuild";

const OUTPUT = "erp_widget/static";

/** Reads what is imported with ?raw as text, as Vite does in the tests. */
const RAW = {
  name: "raw",
  setup(build) {
    build.onResolve({ filter: /\?raw$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace("?raw", "")),
      namespace: "raw",
    }));
    build.onLoad({ filter: /./, namespace: "raw" }, async ({ path }) => ({
      contents: await shortCss(await readFile(path, "utf8")),
      loader: "text",
      watchFiles: [path],
    }));
    // A style that the plugin has too, for which tsc alone is enough, is a text in a module.
    build.onLoad({ filter: /[\\/]style\.ts$/ }, async ({ path }) => {
      const [before, style, after] = (await readFile(path, "utf8")).split("`");
      return {
        contents: `${before}${JSON.stringify(await shortCss(style))}${after}`,
        loader: "ts",
      };
    });
  },
};

async function shortCss(style) {
  return (await transform(style, { loader: "css", minify: true })).code;
}

await mkdir(OUTPUT, { recursive: true });
const SHARED = {
  outdir: OUTPUT,
  bundle: true,
  target: "es2022",
  minify: true,
  legalComments: "none",
  plugins: [RAW],
  logLevel: "warning",
};
await build({
  ...SHARED,
  entryPoints: {
    gallery: "js/gallery/index.ts",
    library: "js/library/index.ts",
    report: "js/report/index.ts",
    runtime: "js/runtime/index.ts",
  },
  format: "esm",
});
// An exported page is one file, so its script brings the runtime along.
await build({ ...SHARED, entryPoints: { page: "js/page/index.ts" }, format: "iife" });
