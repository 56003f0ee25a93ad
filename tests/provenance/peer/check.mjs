// Checks JPEG and PNG files with c2pa-ts and prints what it finds, a line of JSON for each.

import { readFile } from "node:fs/promises";
import { JPEG, PNG } from "@trustnxt/c2pa-ts/asset";
import { SuperBox } from "@trustnxt/c2pa-ts/jumbf";
import { ManifestStore, ValidationResult } from "@trustnxt/c2pa-ts/manifest";

async function check(path) {
  const data = await readFile(path);
  const asset = JPEG.canRead(data) ? new JPEG(data) : new PNG(data);
  const manifests = asset.getManifestJUMBF();
  if (!manifests) return { path, state: "none", codes: [] };
  let result;
  try {
    result = await ManifestStore.read(SuperBox.fromBuffer(manifests)).validate(asset);
  } catch (error) {
    result = ValidationResult.fromError(error);
  }
  const codes = result.statusEntries.filter((entry) => !entry.success).map((entry) => entry.code);
  return { path, state: result.isValid ? "valid" : "broken", codes };
}

for (const path of process.argv.slice(2)) console.log(JSON.stringify(await check(path)));
