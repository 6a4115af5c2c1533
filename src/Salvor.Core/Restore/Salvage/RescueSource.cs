using Salvor.Errors;
using Salvor.Formats.Bytes;
using Salvor.Formats.Findings;
using Salvor.Platform;

namespace Salvor.Restore.Salvage;

/// <summary>
/// A file on a failing disk: what can't be read is reported once and reads as zeros, and the rest is used.
/// </summary>
internal sealed class RescueSource(IFile file, IFindingSink findings) : IByteSource
{
    private const int SectorBytes = 4096;

    private readonly HashSet<long> _reported = [];

    public string Name => file.Name;

    public long Length => file.Length;

    public int ReadAt(long offset, Span<byte> buffer)
    {
        try
        {
            return file.ReadAt(offset, buffer);
        }
        catch (SalvorException e) when (e.Code == ErrorCode.IoFailed)
        {
            return ReadBySector(offset, buffer[..(int)Math.Clamp(Length - offset, 0, buffer.Length)]);
        }
    }

    private int ReadBySector(long offset, Span<byte> buffer)
    {
        for (var done = 0; done < buffer.Length;)
        {
            var sector = (offset + done) / SectorBytes;
            var count = (int)Math.Min(((sector + 1) * SectorBytes) - (offset + done), buffer.Length - done);
            var part = buffer.Slice(done, count);
            try
            {
                part[file.ReadAt(offset + done, part)..].Clear();
            }
            catch (SalvorException e) when (e.Code == ErrorCode.IoFailed)
            {
                part.Clear();
                if (_reported.Add(sector))
                {
                    findings.Report(new Finding(
                        Severity.Error, "directory.unreadable", file.Name, sector * SectorBytes, e.Message));
                }
            }

            done += count;
        }

        return buffer.Length;
    }
}
