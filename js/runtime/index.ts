/** Owns drawing: Vega-Lite to pixels, with expressions interpreted and never compiled to code. */
import { parse, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile } from "vega-lite";

export { compile, expressionInterpreter, parse, View };
