using Salvor.Platform;

namespace Salvor.Tests.Readiness.Protect.DataVolume;

/// <summary>What each program answers, whatever it is asked; one without an answer is not there.</summary>
internal sealed class ScriptedPrograms : IProcessRunner
{
    public Dictionary<string, ProcessResult> Answers { get; } = [];

    public List<string> Calls { get; } = [];

    public Task<ProcessResult?> RunAsync(
        string program, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken ct)
    {
        Calls.Add($"{program} {string.Join(' ', arguments)}");
        return Task.FromResult(Answers.GetValueOrDefault(program));
    }
}
