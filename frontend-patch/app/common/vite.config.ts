import path from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig, normalizePath } from "vite";
import { viteStaticCopy } from "vite-plugin-static-copy";

export default defineConfig(({ mode }) => ({
  root: path.join(__dirname, "src/renderer"),
  publicDir: path.join(__dirname, "src/renderer/public"),
  base: "./",
  resolve: {
    alias: {
      "@cubismsdksamples": path.resolve(__dirname, "src/renderer/WebSDK/src"),
      "@": path.resolve(__dirname, "src/renderer/src"),
    },
  },
  plugins: [
    viteStaticCopy({
      targets: [
        {
          src: normalizePath(
            path.resolve(
              __dirname,
              "node_modules/@ricky0123/vad-web/dist/vad.worklet.bundle.min.js",
            ),
          ),
          dest: "./libs/",
        },
        {
          src: normalizePath(
            path.resolve(__dirname, "node_modules/@ricky0123/vad-web/dist/silero_vad_v5.onnx"),
          ),
          dest: "./libs/",
        },
        {
          src: normalizePath(
            path.resolve(__dirname, "node_modules/@ricky0123/vad-web/dist/silero_vad_legacy.onnx"),
          ),
          dest: "./libs/",
        },
        {
          src: normalizePath(path.resolve(__dirname, "node_modules/onnxruntime-web/dist/*.wasm")),
          dest: "./libs/",
        },
      ],
    }),
    react(),
  ],
  server: { port: 3000 },
  build: {
    outDir: path.join(__dirname, mode === "web" ? "dist/web" : "dist/renderer"),
    emptyOutDir: true,
    chunkSizeWarningLimit: 1024,
  },
}));
