/** Owns the way to what a row of a list opened, which stands below a list that may be long. */

/** Output of a cell in Jupyter's front ends; other hosts leave a person where they are. */
const OUTPUT = ".jp-OutputArea-child";
/** So long the front end may take to draw what the kernel has sent. */
const PATIENCE_MS = 3_000;
const EACH_MS = 50;

/** Remember what is below a list now; the function returned shows what is new there. */
export function below(list: HTMLElement): () => Promise<void> {
  const before = heights(list);
  return async () => {
    for (let waited = 0; waited < PATIENCE_MS; waited += EACH_MS) {
      const found = outputs(list).find((one, at) => one.offsetHeight > (before[at] ?? 0));
      if (found !== undefined) {
        found.scrollIntoView({ block: "start" });
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, EACH_MS));
    }
    const open = outputs(list).find((one) => one.offsetHeight > 0);
    open?.scrollIntoView({ block: "start" });
  };
}

function heights(list: HTMLElement): number[] {
  return outputs(list).map((one) => one.offsetHeight);
}

function outputs(list: HTMLElement): HTMLElement[] {
  const own = list.closest<HTMLElement>(OUTPUT);
  const found: HTMLElement[] = [];
  for (let one = own?.nextElementSibling; one; one = one.nextElementSibling) {
    if (one instanceof HTMLElement) found.push(one);
  }
  return found;
}
