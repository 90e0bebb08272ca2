import i18n from "i18next";
import { initReactI18next } from "react-i18next";
import en from "./locales/en/translation.json";
import zh from "./locales/zh/translation.json";

const STORAGE_KEY = "i18nextLng";

export const LANGUAGES = { en: "English", zh: "中文" } as const;

const chosen = localStorage.getItem(STORAGE_KEY) ?? navigator.language;

i18n.on("languageChanged", (language) => {
  document.documentElement.lang = language;
});

void i18n.use(initReactI18next).init({
  lng: chosen.startsWith("zh") ? "zh" : "en",
  fallbackLng: "en",
  resources: { en: { translation: en }, zh: { translation: zh } },
  interpolation: { escapeValue: false },
});

i18n.on("languageChanged", (language) => localStorage.setItem(STORAGE_KEY, language));

export default i18n;
