using System.Collections.Immutable;
using System.Text.Json;
using Salvor.Errors;
using Salvor.Platform;
using Salvor.Recovery.Driver;
using Salvor.Recovery.Engine;

namespace Salvor.Recovery.OnMachine.Journal;

/// <summary>
/// The agent's journal: a file of lines on its machine, each flushed before what it announces is done.
/// </summary>
/// <remarks>
/// A crash leaves at most a last line that is cut short, which tells nothing and is passed over. While the disk takes
/// nothing the agent goes on by memory, since a full disk is what it may have to mend: every step can be done twice,
/// and no data is replaced in one that is not whole in itself.
/// </remarks>
public sealed class FileJournal : IJournal
{
    private const string Name = "recovery.jsonl";
    private const int BytesMax = 128 << 10;
    private const int LineBytesMax = 16 << 10;

    private readonly IFileSystem _files;
    private readonly string _directory;

    public FileJournal(IFileSystem files, string directory)
    {
        _files = files;
        _directory = directory;
    }

    public string FilePath => Path.Combine(_directory, Name);

    /// <summary>Why the last entry could not be kept; null when it was.</summary>
    public string? Fault { get; private set; }

    public Task<ImmutableArray<JournalEntry>> ReadAsync(CancellationToken ct)
    {
        var entries = ImmutableArray.CreateBuilder<JournalEntry>();
        foreach (var path in (string[])[OldPath, FilePath])
        {
            Read(path, entries);
        }

        return Task.FromResult(entries.ToImmutable());
    }

    public Task<AppendResult> AppendAsync(JournalEntry entry, CancellationToken ct)
    {
        try
        {
            Append([.. JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry), (byte)'\n']);
            Fault = null;
        }
        catch (SalvorException e)
        {
            Fault = e.Message;
        }

        return Task.FromResult(AppendResult.Written);
    }

    private string OldPath => FilePath + ".1";

    private void Append(ReadOnlySpan<byte> line)
    {
        SmallFile.EnsureDirectory(_files, _directory, AgentMachine.PrivateDirectory);
        var content = SmallFile.TryRead(_files, FilePath, BytesMax + LineBytesMax) ?? [];
        if (content.Length > BytesMax)
        {
            _files.Replace(FilePath, OldPath);
            content = [];
        }

        // Whole lines only: what a crash cut short would swallow the next one.
        var end = content.AsSpan().LastIndexOf((byte)'\n') + 1;
        SmallFile.Write(
            _files, FilePath, [.. content.AsSpan(0, end), .. line], UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private void Read(string path, ImmutableArray<JournalEntry>.Builder entries)
    {
        byte[] content;
        try
        {
            content = SmallFile.TryRead(_files, path, BytesMax + LineBytesMax) ?? [];
        }
        catch (SalvorException e)
        {
            Fault = e.Message;
            return;
        }

        foreach (var range in content.AsSpan().Split((byte)'\n'))
        {
            if (TryParse(content.AsSpan(range)) is { IsSane: true } entry)
            {
                entries.Add(entry);
            }
        }
    }

    private static JournalEntry? TryParse(ReadOnlySpan<byte> line)
    {
        try
        {
            return line.Length is 0 or > LineBytesMax
                ? null
                : JsonSerializer.Deserialize(line, JournalJson.Default.JournalEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
