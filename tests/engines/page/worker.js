import { probabilities } from "./probabilities.js";

probabilities().then(postMessage);
