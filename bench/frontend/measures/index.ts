/** What is measured, in the order of the table. */
import type { Measure } from "../measure.js";
import { CHARACTER } from "./character.js";
import { CONVERSATION } from "./conversation.js";
import { MAIN_THREAD } from "./main-thread.js";
import { MICROPHONE_START } from "./microphone-start.js";
import { RACES_OF_THE_MICROPHONE } from "./races.js";
import { SPEECH } from "./speech.js";

export const MEASURES: readonly Measure[] = [
  ...MAIN_THREAD,
  ...MICROPHONE_START,
  ...SPEECH,
  ...CONVERSATION,
  ...RACES_OF_THE_MICROPHONE,
  ...CHARACTER,
];
