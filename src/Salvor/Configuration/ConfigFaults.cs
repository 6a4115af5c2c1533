using System.Collections.Immutable;
using System.Globalization;

namespace Salvor.Configuration;

/// <summary>Collects what is wrong, each with its path, so that one look shows all of it.</summary>
internal sealed class ConfigFaults
{
    private readonly ImmutableArray<string>.Builder _faults = ImmutableArray.CreateBuilder<string>();

    public bool IsEmpty => _faults.Count == 0;

    public void Add(string path, string sentence) => _faults.Add($"{path}: {sentence}");

    public void AddIf(bool isFault, string path, string sentence)
    {
        if (isFault)
        {
            Add(path, sentence);
        }
    }

    public void AddAll(IEnumerable<string> faults) => _faults.AddRange(faults);

    public void AddAll(string path, IEnumerable<string> sentences) =>
        _faults.AddRange(sentences.Select(s => $"{path}: {s}"));

    public void AddUnlessWithin(string path, long value, long min, long max) => AddIf(value < min || value > max, path,
        string.Create(CultureInfo.InvariantCulture, $"{value} is outside {min}..{max}."));

    /// <summary>Daemons and people start in different directories: a relative path would mean two files.</summary>
    public void AddUnlessAbsolute(string path, string? file) =>
        AddIf(file is not null && !Path.IsPathRooted(file), path, $"'{file}' is not a path that begins with '/'.");

    public ImmutableArray<string> ToImmutable() => _faults.ToImmutable();
}
