import { existsSync } from "node:fs";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

// A browser of the system's own; nothing is downloaded.
const places = [process.env.CHROMIUM ?? "", "/usr/bin/chromium", "/usr/bin/google-chrome"];
const executablePath = places.find((place) => place !== "" && existsSync(place));
const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"];

export default defineConfig({
  // Bundled before the first test rather than during it.
  optimizeDeps: { include: ["vega", "vega-lite", "vega-interpreter", "axe-core"] },
  test: {
    include: ["js/**/*.test.ts"],
    testTimeout: 30_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: { args, ...(executablePath ? { executablePath } : {}) },
      }),
      instances: [{ browser: "chromium" }],
    },
  },
});
