/** The page alone. */
import { animated } from "./animation";

void animated(async () => {});
