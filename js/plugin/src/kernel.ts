/** Owns questions to the notebook's kernel that run no cell and leave no trace in it. */
import type { Kernel } from "@jupyterlab/services";
import { isRecord } from "./request.js";

const CALL = '__import__("erp_widget.reports.cells", fromlist=["answer"]).answer';
const JSON_TYPE = "application/json";

/** Ask the package in the kernel; an error of the kernel is an error that a person can read. */
export async function ask(
  kernel: Kernel.IKernelConnection | null,
  request: object,
): Promise<Record<string, unknown>> {
  if (kernel === null) throw new Error("Start a kernel to edit the report.");
  // JSON within JSON is a text that Python reads as we wrote it.
  const call = `${CALL}(${JSON.stringify(JSON.stringify(request))})`;
  const { done } = kernel.requestExecute({
    code: "",
    silent: true,
    store_history: false,
    user_expressions: { erp: call },
  });
  const { content } = await done;
  const found = content.status === "ok" ? content.user_expressions.erp : null;
  const reply = isRecord(found) && isRecord(found.data) ? found.data[JSON_TYPE] : null;
  if (!isRecord(reply)) throw new Error(failure(found));
  if (reply.ok !== true) throw new Error(String(reply.error));
  return reply;
}

function failure(found: unknown): string {
  const why = isRecord(found) && typeof found.evalue === "string" ? ` (${found.evalue})` : "";
  return `The kernel cannot edit the report${why}. Is it Python, with erp-widget installed?`;
}
