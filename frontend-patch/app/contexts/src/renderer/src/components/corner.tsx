/** The corner of the stage: empty in this shape. */
export const Corner = () => null;
