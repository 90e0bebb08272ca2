import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  // All that an application of vad-web changes.
  resolve: { alias: { "@ricky0123/vad-web": "voicepath/vad-web" } },
  build: { rolldownOptions: { input: ["index.html", "drop-in.html"] } },
});
