namespace Salvor.Tests.Tidy;

/// <summary>Collects everything that breaks a rule, so that one run shows all of it.</summary>
public sealed class Offences
{
    private readonly List<string> _found = [];

    public void Add(SourceFile file, int lineIndex, string what) => _found.Add($"{file.Path}:{lineIndex + 1}: {what}");

    public void Add(SourceFile file, string what) => _found.Add($"{file.Path}: {what}");

    public void ShouldBeNone() => Assert.True(_found.Count == 0, string.Join('\n', _found));
}
