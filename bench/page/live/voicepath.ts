import { MicVAD } from "voicepath/vad-web";
import { listening } from "./listening";

void listening((heard) => MicVAD.new({ model: "v6", onSpeechStart: heard }));
