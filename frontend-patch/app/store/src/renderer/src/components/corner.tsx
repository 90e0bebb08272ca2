/** The corner of the stage. */
export { default as Corner } from "./ad-carousel";
