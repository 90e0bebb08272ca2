import { testParity } from "./parity.js";

testParity("v6");
