using System.CommandLine;

namespace Salvor.Cli;

/// <summary><c>salvor completion</c>: scripts that let a shell complete salvor's commands and options.</summary>
/// <remarks>The scripts ask the binary itself through its suggest directive, so they never grow old.</remarks>
internal static class CompletionCommand
{
    private const string Bash =
        """
        # salvor completion for bash: source <(salvor completion bash)
        _salvor_complete() {
            local candidates
            candidates="$(salvor "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)"
            mapfile -t COMPREPLY < <(compgen -W "${candidates}" -- "${COMP_WORDS[COMP_CWORD]}")
        }
        complete -o default -F _salvor_complete salvor
        """;

    private const string Zsh =
        """
        #compdef salvor
        # salvor completion for zsh: source <(salvor completion zsh)
        _salvor_complete() {
            local -a candidates
            candidates=("${(@f)$(salvor "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            if (( ${#candidates[1]} )); then
                compadd -- "${candidates[@]}"
            else
                _files
            fi
        }
        compdef _salvor_complete salvor
        """;

    private const string Fish =
        """
        # salvor completion for fish: salvor completion fish | source
        function __salvor_complete
            set -l line (commandline -cp)
            salvor "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c salvor -a '(__salvor_complete)'
        """;

    public static Command Create(CommandContext context)
    {
        var shell = new Argument<string>("SHELL") { Description = "The shell: bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new ExampleCommand(
            "completion",
            "Write a script that lets a shell complete salvor's commands and options.",
            "source <(salvor completion bash)",
            "salvor completion zsh > ~/.zfunc/_salvor",
            "salvor completion fish > ~/.config/fish/completions/salvor.fish")
        {
            shell,
        };
        command.SetAction(parse =>
        {
            context.Terminal.Out.WriteLine(ScriptFor(parse.GetRequiredValue(shell)));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static string ScriptFor(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        _ => Fish,
    };
}
