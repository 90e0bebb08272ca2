import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig, externalizeDepsPlugin } from "electron-vite";
import { normalizePath } from "vite";
import { viteStaticCopy } from "vite-plugin-static-copy";

export default defineConfig({
  main: { plugins: [externalizeDepsPlugin()] },
  preload: { plugins: [externalizeDepsPlugin()] },
  renderer: {
    resolve: {
      alias: {
        "@cubismsdksamples": resolve(__dirname, "src/renderer/WebSDK/src"),
        "@": resolve(__dirname, "src/renderer/src"),
      },
    },
    plugins: [
      viteStaticCopy({
        targets: [
          {
            src: normalizePath(
              resolve(__dirname, "node_modules/@ricky0123/vad-web/dist/vad.worklet.bundle.min.js"),
            ),
            dest: "./libs/",
          },
          {
            src: normalizePath(
              resolve(__dirname, "node_modules/@ricky0123/vad-web/dist/silero_vad_v5.onnx"),
            ),
            dest: "./libs/",
          },
          {
            src: normalizePath(
              resolve(__dirname, "node_modules/@ricky0123/vad-web/dist/silero_vad_legacy.onnx"),
            ),
            dest: "./libs/",
          },
          {
            src: normalizePath(resolve(__dirname, "node_modules/onnxruntime-web/dist/*.wasm")),
            dest: "./libs/",
          },
        ],
      }),
      react(),
    ],
  },
});
