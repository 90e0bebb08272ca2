/** Writes the examples' and tests' models into a folder: node --import tsx models.ts build/ort-models */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { candyModel } from "./candy.js";
import { plainModels } from "./plain.js";
import { squeezenetModel } from "./squeezenet.js";

const [, , folder = "build/ort-models"] = process.argv;
mkdirSync(folder, { recursive: true });
const models = plainModels();
models.set("candy.onnx", candyModel());
models.set("squeezenet.onnx", await squeezenetModel());
for (const [name, bytes] of models) writeFileSync(join(folder, name), bytes);
