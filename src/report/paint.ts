import { styleText } from 'node:util';

export type Color = 'bold' | 'cyan' | 'dim' | 'green' | 'red' | 'yellow';
export type Paint = (color: Color | Color[], text: string) => string;

/** Colours text, or leaves it as it is. Whether to colour was decided before: styleText is not to ask the stream again. */
export const painter =
  (color: boolean): Paint =>
  (format, text) =>
    color && text !== '' ? styleText(format, text, { validateStream: false }) : text;
