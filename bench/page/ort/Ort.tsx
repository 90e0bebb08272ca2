import { WithRegistry } from "../WithRegistry";
import { Examples } from "./Examples";

/** ONNX Runtime's C API over onnxruntime-web, used. */
export function Ort() {
  return (
    <section id="ort">
      <WithRegistry>
        <Examples />
      </WithRegistry>
    </section>
  );
}
