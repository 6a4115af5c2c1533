namespace Salvor.Formats.Bbolt;

/// <summary>Where a written image goes: nearly all of it in order, and its first pages last.</summary>
public interface IPageSink
{
    void WriteAt(long offset, ReadOnlySpan<byte> data);
}
