/**
 * Which release of Open-LLM-VTuber-Web a file is of: SHA-256 of its text, without a byte order mark and with
 * LF line ends. Releases by their tags; "d176e7d" is the main branch of 2025-09-05.
 */
export const RELEASES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "context/vad-context.tsx": {
    "362bca0a8a5f748a1f54a035edb11e6ff2a08d022655971d55b78b7ec451f9fe": ["v1.0.0"],
    "21758e3cd273ea182d249270eb9876a5908bb4dbce2a57f9f10ea65a7a030b6f": ["v1.1.0"],
    "0316ac97f24433e03daad381cee818beb9b22d9b8b4e4eae3fce694273a30fde": ["v1.2.0", "v1.2.1"],
    "57fda891796abd9114ea0cb6cd37ac469daf80a758ff01f28e6ae21e1c726bf0": ["d176e7d"],
  },
  "hooks/utils/use-send-audio.tsx": {
    "99f42489894a8c8b7a6c9899a916cee9b8372431724e67318df04277d5ad0271": ["v1.0.0"],
    "096c7b8bc5d0e0e17f7ca6b20e755fc15daedff53cee879772b7288377f6b5f1": [
      "v1.1.0",
      "v1.2.0",
      "v1.2.1",
      "d176e7d",
    ],
  },
  "services/websocket-service.tsx": {
    "8e68cf111313712e8f1935ffc3f5e92887479d16abcfaf7722f39ed5ab5e4584": ["v1.0.0"],
    "1f37b375140e51a4127c7a32c354dc632f3301b02ed517379b3841f30b80d8b2": ["v1.1.0"],
    "89b4891f889361cc349a4e4e2d075e2380b39388a8bc8466f540339a262d2e5b": [
      "v1.2.0",
      "v1.2.1",
      "d176e7d",
    ],
  },
  "context/websocket-context.tsx": {
    "69b5a90e73c22e1e332c8ce2714e8b11977728e1f23b9a2c27e8984c7845372d": ["v1.0.0"],
    "7474568ffb44b3fa4720e05ec6fbbbc15d9d56a8804102c3585f7b298d6bfe95": [
      "v1.1.0",
      "v1.2.0",
      "v1.2.1",
      "d176e7d",
    ],
  },
  "services/websocket-handler.tsx": {
    "2014da49c60ad37cc4824b749ba235d1b0899548c59e0d7a6ffdce66207e8e5d": ["v1.0.0"],
    "7da0ea650cdd6757094fddf4cc5a2efc787068dccd132f953e7e962b0207ab04": ["v1.1.0"],
    a6c4ff3c0b9e80a5ea39a2d75513f1b27c3eca4f90198f0a38aeb69ff0e1b22e: ["v1.2.0"],
    "270e4932a1dff84b8585004781314c6eec91615a5ff715c0a406232117d160d6": ["v1.2.1", "d176e7d"],
  },
  "utils/task-queue.ts": {
    "1094c6cc12d18f5045dfcb61b9be9b372cbf3210112b893664cc105c2454d121": ["v1.0.0"],
    c699e2abcc41a546d14782ca2a1948b639a9f82f4fbd11c10ce3bafa6b2b5234: [
      "v1.1.0",
      "v1.2.0",
      "v1.2.1",
      "d176e7d",
    ],
  },
  "utils/audio-manager.ts": {
    "7761dcb4df0478a598d2dd74fa6b6db09996f1a46d5dba19e1f16c6cf81ce246": ["d176e7d"],
  },
  "hooks/utils/use-audio-task.ts": {
    "48eacf352c63bccb94eed8e6c9039b81897ff01cd4a9c310427aaa7fa1d42a4f": ["v1.0.0"],
    "92f02aaa7a71298f2b322661c7bad98f7eb65c0bef1bbdc385db397fff379ed7": ["v1.1.0"],
    e96c91243a285a8d18ea818466a1506c767f9aa8c04904cefd4ee4348e65e97b: ["v1.2.0", "v1.2.1"],
    "3b551a78479fc1bcb6821aa09f471d0d9f3f69679ec88600efe341639243d3de": ["d176e7d"],
  },
  "context/subtitle-context.tsx": {
    b5163db9985527e104f8faa8a8802d604f2a4f483d77217230ea04da5c46e5d0: [
      "v1.0.0",
      "v1.1.0",
      "v1.2.0",
      "v1.2.1",
      "d176e7d",
    ],
  },
  "components/canvas/subtitle.tsx": {
    f88e3dd4046c67d43a425734ed47882988f5a8e15b42ef8b3c13de78718b1901: [
      "v1.0.0",
      "v1.1.0",
      "v1.2.0",
      "v1.2.1",
      "d176e7d",
    ],
  },
  "context/bgurl-context.tsx": {
    e7f08a305e72facd0a3eb167d586f4bcd75480ff5888edc1588bcd66d836015d: [
      "v1.0.0",
      "v1.1.0",
      "v1.2.0",
      "v1.2.1",
      "d176e7d",
    ],
  },
  "hooks/utils/use-local-storage.ts": {
    b3f67fa35a5c8a64fc7ae053a5870feed9f42f7941544573f92f800cc0b6578a: ["v1.0.0"],
    "33f09428d9bf714e4c0a0a3ef717b3d18e5426b4265014d554f7020b4ed171e8": [
      "v1.1.0",
      "v1.2.0",
      "v1.2.1",
      "d176e7d",
    ],
  },
  "hooks/canvas/use-live2d-model.ts": {
    aa31d260070c3127ba20a5b07f33b31776cc91b2f4463956116de265287c8be8: ["v1.0.0"],
    "6e1f1d00034bebf0e5a714d59ad0d919acbed462bf6f4939f0853cfe17c55600": ["v1.1.0"],
    "629c60e9ad2013eb97b1e2c512b026205ba5126046c83873d299f9d8f4a823d6": ["v1.2.0", "v1.2.1"],
    b5861631713d7359366a05dcfc64821b6efac1b37f18fe0a0ae9100e064b91a0: ["d176e7d"],
  },
};
