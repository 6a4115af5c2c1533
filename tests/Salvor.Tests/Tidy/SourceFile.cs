namespace Salvor.Tests.Tidy;

/// <summary>One file of the checkout that git tracks, or would track once added.</summary>
public sealed record SourceFile(string Path, string Text)
{
    public bool IsCode => Path.EndsWith(".cs", StringComparison.Ordinal);

    /// <summary>Expected output, byte for byte, whatever it looks like.</summary>
    public bool IsGolden => Path.Contains("/Golden/", StringComparison.Ordinal);

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    public string[] Lines { get; } = Text.Split('\n');
}
