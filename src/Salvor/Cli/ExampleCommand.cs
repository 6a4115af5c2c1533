using System.CommandLine;

namespace Salvor.Cli;

/// <summary>A command whose help ends with examples, one invocation a line.</summary>
internal sealed class ExampleCommand(string name, string description, params string[] examples)
    : Command(name, description), IHasExamples
{
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>Whether its JSON is a sequence of objects, each on one line, rather than one object.</summary>
    public bool WritesJsonLines { get; set; }
}
