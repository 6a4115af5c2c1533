using Salvor.Errors;
using Salvor.Formats.Findings;
using Salvor.Platform;
using Salvor.Restore.Salvage;
using Salvor.Tests.Support;
using FindingList = Salvor.Tests.Support.FindingList;

namespace Salvor.Tests.Restore.Salvage;

/// <summary>What is read of a file on a disk that fails.</summary>
public sealed class RescueSourceTests
{
    private const int SectorBytes = 4096;

    [Fact]
    public void Sector_that_cannot_be_read_is_zeros_and_said_once()
    {
        var content = Enumerable.Repeat((byte)7, 5 * SectorBytes).ToArray();
        var files = new MemoryFiles().With("/db", content);
        var findings = new FindingList();
        using var file = new FailingFile(
            files.OpenRead("/db"), badFrom: 2 * SectorBytes, badTo: (2 * SectorBytes) + 512);
        var source = new RescueSource(file, findings);

        for (var pass = 0; pass < 2; pass++)
        {
            var read = new byte[content.Length];
            Assert.Equal(content.Length, source.ReadAt(0, read));
            Assert.Equal(4 * SectorBytes, read.Count(b => b == 7));
            Assert.True(read.AsSpan(2 * SectorBytes, SectorBytes).IndexOfAnyExcept((byte)0) < 0);
        }

        var finding = Assert.Single(findings.All);
        Assert.Equal(
            (Severity.Error, "directory.unreadable", "/db", (long?)2 * SectorBytes),
            (finding.Severity, finding.Code, finding.Source, finding.Offset));
    }

    /// <summary>Fails as a disk does: each read that touches the bad range, as a whole.</summary>
    private sealed class FailingFile(IFile inner, long badFrom, long badTo) : IFile
    {
        public string Name => inner.Name;

        public long Length => inner.Length;

        public int ReadAt(long offset, Span<byte> buffer) => offset < badTo && offset + buffer.Length > badFrom
            ? throw new SalvorException(ErrorCode.IoFailed, "Input/output error")
            : inner.ReadAt(offset, buffer);

        public void WriteAt(long offset, ReadOnlySpan<byte> data) => inner.WriteAt(offset, data);

        public void StartWriteback(long offset, long lengthBytes) => inner.StartWriteback(offset, lengthBytes);

        public void Preallocate(long lengthBytes) => inner.Preallocate(lengthBytes);

        public void SetLength(long lengthBytes) => inner.SetLength(lengthBytes);

        public void FlushToDisk() => inner.FlushToDisk();

        public void Dispose() => inner.Dispose();
    }
}
