/** Makes the component, without any of WASI: a module can call nothing outside but `trace`. */

import { mkdir, writeFile } from "node:fs/promises";
import { componentize } from "@bytecodealliance/componentize-js";

const FOLDER = "../../target/javascript";

const { component } = await componentize({
  sourcePath: "julehjaelp.js",
  witPath: "../../wit/ydun-benefit/1.0",
  worldName: "benefit",
  disableFeatures: ["random", "clocks", "stdio", "http", "fetch-event"],
});
await mkdir(FOLDER, { recursive: true });
await writeFile(`${FOLDER}/julehjaelp.wasm`, component);
