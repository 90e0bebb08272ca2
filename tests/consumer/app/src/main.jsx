import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { useMicVAD } from "voicepath/react";

function App() {
  const [heard, setHeard] = useState([]);
  const note = (name) => setHeard((before) => [...before, name]);
  const { listening, errored } = useMicVAD({
    redemptionMs: 600,
    onSpeechStart: () => note("start"),
    onSpeechRealStart: () => note("real start"),
    onSpeechEnd: (audio) => note(`end ${audio.length}`),
  });
  return (
    <>
      <p id="state">{errored || (listening ? "listening" : "not listening")}</p>
      <ol id="heard">
        {heard.map((name, i) => (
          <li key={i}>{name}</li>
        ))}
      </ol>
    </>
  );
}

createRoot(document.getElementById("root")).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
