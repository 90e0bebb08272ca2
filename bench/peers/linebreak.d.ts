/** linebreak 1.1 comes without types: what is used of it. */
declare module "linebreak" {
  export default class LineBreaker {
    constructor(text: string);
    /** The next place where a line may end, in UTF-16 units; null after the text's end. */
    nextBreak(): { readonly position: number; readonly required: boolean } | null;
  }
}
