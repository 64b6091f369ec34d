// Builds the pages' styles, script and mark into ../static/built/ (run `npm ci` here first).
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "node_modules");
const scripts = join(packages, "govuk-frontend", "dist", "govuk");
const built = resolve(here, "..", "static", "built");

/** Our one script and the parts of GOV.UK Frontend that it names, each whole in one file. */
async function buildScripts() {
  const main = await readFile(join(here, "js", "main.mjs"), "utf8");
  await writeFile(join(built, "main.mjs"), main);
  for (const [, path] of main.matchAll(/from "\.\/govuk\/([^"]+)"/g)) {
    const target = join(built, "govuk", path);
    await mkdir(dirname(target), { recursive: true });
    const text = await readFile(join(scripts, path), "utf8");
    await writeFile(target, text.replace(/^\/\/# sourceMappingURL=.*$/m, ""));
  }
  return main;
}

async function buildStyles() {
  const { css } = compile(join(here, "scss", "threshold.scss"), {
    loadPaths: [packages],
    style: "compressed",
    quietDeps: true,
  });
  await writeFile(join(built, "threshold.css"), css);
  return css;
}

await rm(built, { recursive: true, force: true });
await mkdir(built, { recursive: true });
const css = await buildStyles();
const main = await buildScripts();
await cp(join(here, "images"), join(built, "images"), { recursive: true });
await cp(join(here, "LICENCES.txt"), join(built, "LICENCES.txt"));
// Pages name this in their links, so that a new build is fetched and an old one may be kept.
const version = createHash("sha256").update(css).update(main).digest("hex").slice(0, 12);
await writeFile(join(built, "version.txt"), version);
process.stdout.write("Built the web assets\n");
