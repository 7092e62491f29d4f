/** Names in a zip: UTF-8 where the flag says so or the system suggests it, else the letters of the first PCs. */

/** The upper half of code page 437. */
const upper =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

/** `undefined` for what claims to be UTF-8 and is not. */
export function decodeName(bytes: Uint8Array, isUtf8: boolean): string | undefined {
  if (isUtf8) {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return undefined;
    }
  }
  let name = "";
  for (const byte of bytes) name += byte < 0x80 ? String.fromCharCode(byte) : (upper[byte - 0x80] ?? "");
  return name;
}

export const isAscii = (name: string): boolean => !/[^\0-\x7f]/.test(name);
