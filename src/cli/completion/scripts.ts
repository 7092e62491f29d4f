/** What each shell loads. The scripts know no command: they ask `entrepot complete` at each TAB, so that they never grow old. */

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** The program is the one that stands on the line. Works from bash 3.2 on. */
const bash = `# entrepot: completion for bash
_entrepot() {
  local answer program=$1
  COMPREPLY=()
  while IFS= read -r -d '' answer; do
    COMPREPLY[\${#COMPREPLY[@]}]=$answer
  done < <(command "\${program/#\\~/$HOME}" complete bash "$COMP_WORDBREAKS" "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null </dev/null)
}
complete -o nospace -F _entrepot entrepot
`;

/** Loaded by eval, or as the file _entrepot of a folder in fpath. */
const zsh = `#compdef entrepot
_entrepot() {
  local -a answers said saidShown goesOn goesOnShown whole wholeShown
  local word shown kind program=\${(Q)words[1]}
  answers=("\${(@0)$(command \${program/#\\~/$HOME} complete zsh "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null </dev/null)}")
  if [[ $PREFIX == \\~/* ]] && compset -P '\\~/'; then answers=("\${(@)answers/#\\~\\//}"); fi
  for word shown kind in "\${(@)answers}"; do
    case $kind in
      said) said+=("$word") saidShown+=("$shown") ;;
      open) goesOn+=("$word") goesOnShown+=("$shown") ;;
      whole) whole+=("$word") wholeShown+=("$shown") ;;
    esac
  done
  (( $#said )) && compadd -l -d saidShown -a -- said
  (( $#goesOn )) && compadd -S '' -d goesOnShown -a -- goesOn
  (( $#whole )) && compadd -d wholeShown -a -- whole
  (( $#said + $#goesOn + $#whole ))
}
if [[ $funcstack[1] == _entrepot ]]; then _entrepot "$@"; else compdef _entrepot entrepot; fi
`;

const fish = `# entrepot: completion for fish
function __entrepot_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    command $words[1] complete fish $words[2..-1] "$current" 2>/dev/null </dev/null
end
complete -c entrepot -e
complete -c entrepot -f -a '(__entrepot_complete | string split0)'
`;

export const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
