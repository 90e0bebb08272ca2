/** What Vitest's JSON report says: how many tests passed, and which did not. */
import { readFileSync } from "node:fs";
import { relative } from "node:path";

export interface Failure {
  /** From the project's root. */
  readonly file: string;
  /** The test, after its describes; empty if the file failed outside its tests. */
  readonly test: string;
  readonly message: string;
}

export interface VitestReport {
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
}

interface Report {
  readonly numPassedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

export function readVitestReport(path: string): VitestReport {
  const report = JSON.parse(readFileSync(path, "utf8")) as Report;
  const failures = report.testResults
    .filter(({ status }) => status === "failed")
    .flatMap(({ name, message, assertionResults }): Failure[] => {
      const file = relative(process.cwd(), name);
      const tests = assertionResults.filter(({ status }) => status === "failed");
      // A hook, an import: the file itself failed.
      if (tests.length === 0) return [{ file, test: "", message }];
      return tests.map(({ fullName, failureMessages }) => ({
        file,
        test: fullName.trim(),
        message: failureMessages[0] ?? "",
      }));
    });
  return {
    passed: report.numPassedTests,
    skipped: report.numPendingTests + report.numTodoTests,
    failures,
  };
}

/** `file: test: the first line of why`. */
export function describeFailure({ file, test, message }: Failure): string {
  return [file, test, message.split("\n")[0]].filter(Boolean).join(": ");
}
