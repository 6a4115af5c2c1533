namespace Salvor.Cli;

/// <summary>Something whose help shows examples: the root, and every command below it.</summary>
internal interface IHasExamples
{
    IReadOnlyList<string> Examples { get; }
}
