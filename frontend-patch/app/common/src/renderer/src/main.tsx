import { createRoot } from "react-dom/client";
import App from "./App";
import "./i18n";
import "./index.css";

const root = document.getElementById("root");
if (!root) throw new Error("the page has no #root");
createRoot(root).render(<App />);
