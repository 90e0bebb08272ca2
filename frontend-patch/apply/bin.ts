#!/usr/bin/env node
/**
 * The command in a published package, where what it parses with is an optional peer: applications do
 * not need it.
 */
try {
  await import("./cli.js");
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== "ERR_MODULE_NOT_FOUND" || !/'(ts-morph|diff)'/.test(message)) throw error;
  console.error(
    "voicepath-patch needs ts-morph and diff. Either:\n" +
      "  npm install --no-save ts-morph diff\n" +
      "  npx -p voicepath -p ts-morph -p diff voicepath-patch DIR",
  );
  process.exitCode = 3;
}
