/** The package, for tests that run code in this page. */
import * as vadWeb from "voicepath/vad-web";

const page = { ...vadWeb };

declare global {
  interface Window {
    page: typeof page;
    vad: vadWeb.MicVAD | undefined;
  }
}

window.page = page;
